import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** Where Apollo's own explorer is served from, for those who are online. */
const APOLLO_SANDBOX = 'https://studio.apollographql.com';

/**
 * Lets Apollo's explorer in a browser ask this hub. It has no cookie to misuse: whoever asks brings his token. Only where
 * the hub's own sandbox is served too.
 */
export async function admitApolloSandbox(graphql: FastifyInstance): Promise<void> {
  await graphql.register(cors, {
    origin: APOLLO_SANDBOX,
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'apollo-require-preflight'],
    maxAge: 600,
  });
}
