import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSubscription } from '../subscriptions/planning/operation-kind.js';

interface GraphQLParameters {
  query?: unknown;
  operationName?: unknown;
}

/**
 * A plain HTTP request has one answer and a subscription has many. Refused before Apollo Server sees it, which would
 * call it a fault of the server.
 */
export async function refuseSubscriptions(request: FastifyRequest, reply: FastifyReply) {
  const { query, operationName } = (request.body ?? request.query ?? {}) as GraphQLParameters;
  if (!isSubscription(query, operationName)) return;
  await reply.code(400).send({
    errors: [
      {
        message:
          'A subscription needs a connection that stays. Use a WebSocket at /graphql (protocol graphql-transport-ws), or Server-Sent Events at /graphql/stream.',
        extensions: { code: 'SUBSCRIPTION_OVER_HTTP' },
      },
    ],
  });
}
