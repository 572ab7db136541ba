import { ApolloServer } from '@apollo/server';
import { defineIntegrationTestSuite } from '@apollo/server-integration-testsuite';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import { httpServer } from '../../shared/http/http-server.js';
import { USUAL_TIMEOUTS } from '../../shared/connection-timeouts.js';
import { pino } from 'pino';
import { handleErrors } from '../http/error-responses.js';

// The behaviour that every integration of Apollo Server must have, tested by Apollo's own suite on the parts this gateway is made of.
defineIntegrationTestSuite(
  async (config, options) => {
    const app = httpServer({ largestBodyBytes: 2 ** 21, timeouts: USUAL_TIMEOUTS });
    handleErrors(app, pino({ level: 'silent' }));
    const server = new ApolloServer({
      ...config,
      plugins: [...(config.plugins ?? []), fastifyApolloDrainPlugin(app)],
    });
    await server.start();
    await app.register(fastifyApollo(server), {
      path: '/',
      ...(options?.context ? { context: options.context } : {}),
    } as never);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    return { server, url, extraCleanup: () => app.close() };
  },
  { noIncrementalDelivery: true },
);
