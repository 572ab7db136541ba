import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** The origin of Apollo's own explorer, which asks the hub from the browser of a developer who is online. */
const APOLLO_SANDBOX = 'https://studio.apollographql.com';

/** A page of these origins may use the hub. */
export interface CrossOriginSettings {
  /** Origins such as `https://board.example.org`, from `CORS_ORIGINS`. */
  corsOrigins?: readonly string[];
  /** Whether Apollo's explorer may too: where the hub serves its own sandbox. */
  sandbox: boolean;
}

/**
 * Lets browser pages of other origins send operations and read the answers (CORS). No cookie is accepted or set: a page
 * brings the token of its user, so it can do no more than the user can.
 */
export async function admitOrigins(
  endpoints: FastifyInstance,
  { corsOrigins = [], sandbox }: CrossOriginSettings,
): Promise<void> {
  const origins = sandbox ? [APOLLO_SANDBOX, ...corsOrigins] : [...corsOrigins];
  if (origins.length === 0) return;
  await endpoints.register(cors, {
    origin: origins,
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: [
      ...['authorization', 'content-type', 'accept', 'apollo-require-preflight'],
      ...['apollographql-client-name', 'apollographql-client-version', 'x-apollo-operation-name'],
      ...['traceparent', 'tracestate', 'x-graphql-event-stream-token'],
    ],
    exposedHeaders: ['ratelimit', 'ratelimit-policy', 'retry-after'],
    maxAge: 600,
  });
}
