import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { maskFault } from '../faults/mask.js';

/** Whatever goes wrong before or beside Apollo Server is answered in the same form. */
export function answerErrors(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler<Error & { statusCode?: number }>(async (error, _request, reply) => {
    if (error instanceof GraphQLError) {
      const { http, ...extensions } = error.extensions as { http?: { status?: number } };
      await reply.code(http?.status ?? 500).send({
        errors: [{ message: error.message, extensions }],
      });
      return;
    }
    const status = error.statusCode ?? 500;
    const shown =
      status < 500
        ? { message: error.message, extensions: { code: 'BAD_REQUEST' } }
        : maskFault(log, error);
    await reply.code(status).send({ errors: [shown] });
  });
}
