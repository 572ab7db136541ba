import { executeQueryPlan, type GraphQLDataSource, type ServiceMap } from '@apollo/gateway';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { InternalIdentity } from '../../../shared/identity/internal-tokens.js';
import { restricted } from '../../rights/restriction.js';
import type { SubscriptionPlan } from './plan.js';

/** What a subgraph sends for one event. */
export interface SubgraphEvent {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
}

export interface EventContext {
  variables: Record<string, unknown>;
  identity: InternalIdentity;
  sources: ServiceMap;
  log: Logger;
}

/**
 * Turns one event into one result: `primary` is answered by the event, the rest is fetched. All of it by the stock
 * executor, so that error paths, null propagation and field order are those of a query. The event is consumed: the
 * executor merges into it.
 */
export async function executeEvent(
  { supergraph, primary, eventPlan, shape, restriction }: SubscriptionPlan,
  event: SubgraphEvent,
  { variables, identity, sources, log }: EventContext,
) {
  const owner = sources[primary.serviceName];
  if (!owner) throw new Error(`there is no data source for ${primary.serviceName}`);
  const answeredByEvent: GraphQLDataSource = {
    process: (question) =>
      question.request.query === primary.operation
        ? Promise.resolve(event as never)
        : owner.process(question),
  };
  const requestContext = {
    request: { operationName: primary.operationName, variables },
    context: { identity },
    schema: supergraph.schema,
    logger: log,
    metrics: {},
  };
  const result = await executeQueryPlan(
    eventPlan,
    { ...sources, [primary.serviceName]: answeredByEvent },
    requestContext as unknown as Parameters<typeof executeQueryPlan>[2],
    shape,
    supergraph.supergraphSchema,
    supergraph.apiSchema,
  );
  return restriction ? restricted(result, restriction, variables) : result;
}
