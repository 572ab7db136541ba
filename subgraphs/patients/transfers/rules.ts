/** Rules of transfers that other modules decide by. */
export { reservationKind } from './jobs/rules.js';
export { readinessOf, type Path, pathOfCreation } from './lifecycle/rules.js';
