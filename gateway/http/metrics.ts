import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../monitoring/metrics.js';

/** Serves metrics for Prometheus, without personal data. */
export function serveMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text()),
  );
}
