/**
 * The gateway of Mercurius with compiled queries. Its argument is a JSON object: port, subgraphUrl (by name). It works
 * with graphql 16.12 and no later one, which is why package.json names that.
 */
import gateway from '@mercuriusjs/gateway';
import Fastify from 'fastify';

const { port, subgraphUrl } = JSON.parse(process.argv[2]);
const app = Fastify();
app.register(gateway.mercuriusGateway ?? gateway, {
  path: '/graphql',
  jit: 1,
  subscription: true,
  gateway: {
    services: Object.entries(subgraphUrl).map(([name, url]) => ({
      name,
      url,
      wsUrl: url.replace('http', 'ws'),
      wsConnectionParams: { reconnect: true },
      keepAlive: 3000,
      connections: 64,
    })),
  },
});
await app.listen({ port, host: '127.0.0.1' });
