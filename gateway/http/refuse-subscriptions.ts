import { GraphQLError, type GraphQLSchema } from 'graphql';
import { isSubscription } from '../limits/operation-kind.js';
import { unreadableSubscription } from '../limits/undecidable-subscription.js';

interface GraphQLParameters {
  query?: unknown;
  operationName?: unknown;
}

/**
 * Throws SUBSCRIPTION_OVER_HTTP: a plain HTTP request has one answer and a subscription has many. Called before Apollo Server
 * sees it, which would call it a fault of the server.
 */
export function refuseSubscription({ query, operationName }: GraphQLParameters): void {
  if (!isSubscription(query, operationName)) return;
  throw refusal(
    'A subscription needs a connection that stays. Use a WebSocket at /graphql (protocol graphql-transport-ws), or Server-Sent Events at /graphql/stream.',
    'SUBSCRIPTION_OVER_HTTP',
  );
}

/** Throws GRAPHQL_VALIDATION_FAILED for a document beside whose subscription nothing can be judged. Validates that part. */
export function refuseUnreadable(schema: GraphQLSchema, { query }: GraphQLParameters): void {
  const unreadable = unreadableSubscription(schema, query);
  if (unreadable) throw refusal(unreadable.message, unreadable.extensions?.['code']);
}

function refusal(message: string, code: unknown): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}
