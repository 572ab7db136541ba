/** Readiness and shutdown. */
export { Drain, refuseUpgradeWhileDraining, refuseWhileDraining } from './drain.js';
export { type Readiness, readiness } from './readiness.js';
export { inSlices } from './slices.js';
export { StartupProbes } from './startup-probes.js';
export { SubgraphReadiness } from './subgraph-readiness.js';
