import type { Logger } from 'pino';
import type { InternalIdentity } from '../../../shared/identity/internal-tokens.js';
import type { Span } from '../../../shared/telemetry/tracing.js';
import type { FetchSources } from '../../execution/fetching/run.js';
import type { Changes } from '../../core/write-epoch.js';
import type { SubgraphAnswer } from '../../core/subgraph-request.js';
import { restricted } from '../../access/rights/restriction.js';
import type { SubscriptionPlan } from './plan.js';

export interface EventContext {
  variables: Record<string, unknown>;
  identity: InternalIdentity;
  sources: FetchSources;
  changes: Changes;
  log: Logger;
  span?: Span | undefined;
}

/**
 * Turns one event into one result: `primary` is answered by the event, the rest is fetched, by the same executor as a
 * query's. The event is consumed: the executor merges into it.
 */
export async function executeEvent(
  { eventPlan, restriction }: SubscriptionPlan,
  event: SubgraphAnswer,
  { variables, identity, sources, changes, log, span }: EventContext,
) {
  // Whatever this is about has changed: answers to what was asked before are too old for it.
  changes.happened();
  const context = { identity, isEvent: true, ...(span && { span }) };
  const result = await eventPlan.execute({ variables, context, sources, event, log });
  return restriction ? restricted(result, restriction, variables) : result;
}
