import type { FastifyInstance } from 'fastify';

export interface Readiness {
  /** Why it cannot answer; undefined when it can. */
  unready: string | undefined;
  supergraph: 'current' | 'behind';
  /** Whether each subgraph answers, as far as the last requests to it tell. */
  subgraphs: Readonly<Record<string, 'answers' | 'away'>>;
}

/**
 * `/healthz`: the process lives. `/readyz`: it can answer, and every subgraph has answered it once. A subgraph that is
 * unavailable later does not change that, and neither do schemas of subgraphs that cannot be taken over: taking the gateway
 * out of service would mend neither.
 */
export function answerHealth(app: FastifyInstance, readiness: () => Readiness): void {
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const { unready, supergraph, subgraphs } = readiness();
    if (unready !== undefined) return reply.code(503).send({ status: `not ready: ${unready}` });
    return { status: 'ready', supergraph, subgraphs };
  });
}
