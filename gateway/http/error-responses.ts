import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { maskFault } from '../faults/index.js';

/** The limit is the one that the gateway sets in Fastify. */
const BODY_TOO_LARGE = {
  message:
    'A request may have at most 2 MiB; this one has more. Send it in parts, a thousand reports at most in each.',
  extensions: { code: 'TOO_MUCH' },
};

/** Sends errors that occur outside Apollo Server in the same form. */
export function handleErrors(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler<Error & { statusCode?: number; code?: string }>(
    async (error, _request, reply) => {
      if (error instanceof GraphQLError) {
        const { http, ...extensions } = error.extensions as {
          http?: { status?: number; headers?: Map<string, string> };
        };
        for (const [name, value] of http?.headers ?? []) reply.header(name, value);
        await reply
          .code(http?.status ?? (error as { statusCode?: number }).statusCode ?? 500)
          .send({
            errors: [{ message: error.message, extensions }],
          });
        return;
      }
      const status = (error as { statusCode?: number }).statusCode ?? 500;
      if (status === 413) {
        await reply.code(413).send({ errors: [BODY_TOO_LARGE] });
        return;
      }
      const shown =
        status < 500
          ? {
              message: error.message,
              extensions: { code: 'BAD_REQUEST' },
            }
          : maskFault(log, error);
      await reply.code(status).send({ errors: [shown] });
    },
  );
}
