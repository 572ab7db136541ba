import { GraphQLError, type GraphQLSchema } from 'graphql';
import { isSubscription, undecidableSubscription } from '../limits/index.js';

interface GraphQLParameters {
  query?: unknown;
  operationName?: unknown;
}

/**
 * Throws SUBSCRIPTION_OVER_HTTP for a subscription: a plain HTTP request has one response and a subscription has many. Called
 * before Apollo Server, which would report a fault of the server.
 */
export function refuseSubscription({ query, operationName }: GraphQLParameters): void {
  if (!isSubscription(query, operationName)) return;
  throw refusal(
    'A subscription needs a connection that stays open. Use a WebSocket at /graphql (protocol graphql-transport-ws), or Server-Sent Events at /graphql/stream.',
    'SUBSCRIPTION_OVER_HTTP',
  );
}

/** Throws GRAPHQL_VALIDATION_FAILED for a document that cannot be validated because of a subscription in it. */
export function refuseUndecidable(schema: GraphQLSchema, { query }: GraphQLParameters): void {
  const unreadable = undecidableSubscription(schema, query);
  if (unreadable) throw refusal(unreadable.message, unreadable.extensions?.['code']);
}

function refusal(message: string, code: unknown): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}
