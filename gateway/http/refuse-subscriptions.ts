import type { preHandlerHookHandler } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { isSubscription } from '../subscriptions/planning/operation-kind.js';
import { unreadableSubscription } from '../subscriptions/planning/unreadable-subscription.js';

interface GraphQLParameters {
  query?: unknown;
  operationName?: unknown;
}

const OVER_HTTP = {
  message:
    'A subscription needs a connection that stays. Use a WebSocket at /graphql (protocol graphql-transport-ws), or Server-Sent Events at /graphql/stream.',
  extensions: { code: 'SUBSCRIPTION_OVER_HTTP' },
};

/**
 * A plain HTTP request has one answer and a subscription has many. Refused before Apollo Server sees it, which would
 * call it a fault of the server.
 */
export function refuseSubscriptions(schema: () => GraphQLSchema): preHandlerHookHandler {
  return (request, reply, next) => {
    const { query, operationName } = (request.body ?? request.query ?? {}) as GraphQLParameters;
    const refusal = isSubscription(query, operationName)
      ? OVER_HTTP
      : unreadableSubscription(schema(), query);
    if (refusal) void reply.code(400).send({ errors: [refusal] });
    else next();
  };
}
