import cors from '@fastify/cors';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** The origin of Apollo's own explorer, which sends requests from the browser of a developer who is online. */
const APOLLO_SANDBOX = 'https://studio.apollographql.com';

/** The origins whose pages may use the hub. */
export interface CrossOriginSettings {
  /** Origins such as `https://board.example.org`, from `CORS_ORIGINS`. */
  corsOrigins?: readonly string[];
  /** Whether Apollo's explorer may use it too: where the hub serves its own sandbox. */
  sandbox: boolean;
}

/** The only paths that pages of these origins may use. */
const ENDPOINTS = /^\/graphql(\/stream)?([?#]|$)/;
const EXPOSED_HEADERS = ['ratelimit', 'ratelimit-policy', 'retry-after'];

/**
 * Lets browser pages of other origins send operations and read the responses (CORS). No cookie is accepted or set: a page
 * sends the token of its user, so it can do no more than the user can. Registered before everything that may refuse a request,
 * because a page can read a refusal only with these headers.
 */
export async function admitOrigins(
  app: FastifyInstance,
  settings: CrossOriginSettings,
): Promise<void> {
  const origins = originsOf(settings);
  if (origins.length === 0) return;
  await app.register(cors, {
    delegator: (request, done) =>
      done(null, {
        origin: ENDPOINTS.test(request.url) ? origins : false,
        methods: ['GET', 'POST', 'PUT', 'DELETE'],
        allowedHeaders: [
          'authorization',
          'content-type',
          'accept',
          'apollo-require-preflight',
          'apollographql-client-name',
          'apollographql-client-version',
          'x-apollo-operation-name',
          'traceparent',
          'tracestate',
          'x-graphql-event-stream-token',
          'last-event-id',
        ],
        exposedHeaders: EXPOSED_HEADERS,
        maxAge: 600,
      }),
  });
}

/** Returns these headers for a response that is written before a request has arrived completely. */
export function crossOriginHeaders(settings: CrossOriginSettings) {
  const origins = new Set(originsOf(settings));
  return ({ headers: { origin }, url = '' }: IncomingMessage): Record<string, string> =>
    origin !== undefined && origins.has(origin) && ENDPOINTS.test(url)
      ? {
          'access-control-allow-origin': origin,
          'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
          vary: 'Origin',
        }
      : {};
}

function originsOf({ corsOrigins = [], sandbox }: CrossOriginSettings): string[] {
  return sandbox ? [APOLLO_SANDBOX, ...corsOrigins] : [...corsOrigins];
}
