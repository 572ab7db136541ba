/** HTTP servers that bound what a client can occupy. */
export { httpServer } from './http-server.js';
export { METRICS_PATH, serveMetrics } from './metrics.js';
export { refuseDeepNesting } from './nesting.js';
export { readinessOf } from './readiness.js';
export { acceptWebSockets, refuseUpgrade } from './upgrades.js';
export { HEAVY, WORK_HEADER } from './work-header.js';
