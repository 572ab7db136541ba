/** Rules of transfers that other modules decide by. */
export { reservationKind } from './jobs/rules.js';
export { type Path, pathOfCreation } from './lifecycle/rules.js';
export { readinessOf } from './lifecycle/rules/readiness.js';
