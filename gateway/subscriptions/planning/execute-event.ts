import type { Logger } from 'pino';
import type { InternalIdentity } from '../../../shared/identity/index.js';
import type { Span } from '../../../shared/telemetry/index.js';
import type { WriteEpoch, FetchSources, SubgraphResponse } from '../../core/index.js';
import { applyRestriction } from '../../access/index.js';
import type { SubscriptionPlan } from './plan.js';

export interface EventContext {
  variables: Record<string, unknown>;
  identity: InternalIdentity;
  sources: FetchSources;
  writes: WriteEpoch;
  log: Logger;
  span?: Span | undefined;
}

/**
 * Turns one event into one result: the event is the response to `primary`, and the same executor as for queries fetches the
 * rest. The event is consumed: the executor merges into it.
 */
export async function executeEvent(
  { eventPlan, restriction }: SubscriptionPlan,
  event: SubgraphResponse,
  { variables, identity, sources, writes, log, span }: EventContext,
) {
  // The event reports a write: responses to earlier requests are too old for it.
  writes.advance();
  const context = { identity, isEvent: true, ...(span && { span }) };
  const result = await eventPlan.execute({ variables, context, sources, event, log });
  return restriction ? applyRestriction(result, restriction, variables) : result;
}
