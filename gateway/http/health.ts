import type { FastifyInstance } from 'fastify';
import type { Readiness } from '../lifecycle/index.js';

/**
 * `/healthz`: the process is alive. `/readyz`: it can serve requests, and every subgraph has answered it once. A subgraph, or the
 * database of one, that is unavailable later does not change that, and is named: other subgraphs still answer, subscribers stay
 * connected, and removing all gateways from service would fix nothing. Neither do schemas that cannot be adopted.
 */
export function serveHealth(app: FastifyInstance, readiness: () => Promise<Readiness>): void {
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const { unready, supergraph, subgraphs } = await readiness();
    if (unready !== undefined) return reply.code(503).send({ status: `not ready: ${unready}` });
    return { status: 'ready', supergraph, subgraphs };
  });
}
