import type { FastifyInstance } from 'fastify';

export interface Readiness {
  /** Why it cannot answer; undefined when it can. */
  unready: string | undefined;
  supergraph: 'current' | 'behind';
  /** Whether each subgraph answers: the last requests to it, and its own `/readyz`, by which it says if its database does. */
  subgraphs: Readonly<Record<string, 'answers' | 'away'>>;
}

/**
 * `/healthz`: the process lives. `/readyz`: it can answer, and every subgraph has answered it once. A subgraph, or the database
 * of one, that is unavailable later does not change that, and is named: what others answer is answered, subscribers stay
 * connected, and taking all gateways out of service would mend nothing. Neither do schemas that cannot be taken over.
 */
export function answerHealth(app: FastifyInstance, readiness: () => Promise<Readiness>): void {
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const { unready, supergraph, subgraphs } = await readiness();
    if (unready !== undefined) return reply.code(503).send({ status: `not ready: ${unready}` });
    return { status: 'ready', supergraph, subgraphs };
  });
}
