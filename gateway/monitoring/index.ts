/** Metrics, spans and security events. */
export { Metrics } from './metrics.js';
export { requestObservation } from './request-observation.js';
export { requestSpans } from './request-spans.js';
export { SecurityEvents } from './security-events.js';
