import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import { currentSpan, faultOf, operationFacts, type Tracing, within } from '../telemetry/index.js';

/** Everything a request does is part of its span, and that of the trace its sender named. */
export function traceRequests(http: FastifyInstance, tracing: Tracing): void {
  // The last hook before the handler: those before are left by events of the connection, and what is current with them.
  http.addHook('preHandler', ({ url, headers }, reply, done) => {
    if (!url.startsWith('/graphql')) {
      done();
      return;
    }
    const span = tracing.begin('graphql', headers, { side: 'server' });
    reply.raw.once('close', () => span.end());
    within(span, done);
  });
}

/** Records in the span of a request its operation and its outcome. */
export function recordOperations<Context extends BaseContext>(): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation }) => {
        if (!operation) return;
        const { facts, name } = operationFacts(operation);
        currentSpan()?.add(facts, name);
      },
      willSendResponse: async ({ response: { body } }) => {
        const fault = body.kind === 'single' ? faultOf(body.singleResult.errors) : undefined;
        if (fault !== undefined) currentSpan()?.add({ 'error.type': fault });
      },
    }),
  };
}
