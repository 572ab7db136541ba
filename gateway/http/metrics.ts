import type { FastifyInstance } from 'fastify';
import type { Measures } from '../monitoring/metrics.js';

/** Numbers for Prometheus: how much, how long, how often not. Nothing about anybody. */
export function answerMetrics(app: FastifyInstance, measures: Measures): void {
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await measures.text()),
  );
}
