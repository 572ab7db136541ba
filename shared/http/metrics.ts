import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';

export const METRICS_PATH = '/metrics';

/** Metrics of the process, shared by all services in it. */
let processRegistry: Registry | undefined;

/** Serves the metrics of the process and those of a service for Prometheus, without personal data. */
export function serveMetrics(app: FastifyInstance, registry: Registry): void {
  app.get(METRICS_PATH, async (_request, reply) => {
    if (!processRegistry) {
      processRegistry = new Registry();
      collectDefaultMetrics({ register: processRegistry });
    }
    const text = await Registry.merge([processRegistry, registry]).metrics();
    return reply.type(registry.contentType).send(text);
  });
}
