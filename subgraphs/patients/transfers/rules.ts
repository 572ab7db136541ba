/** Rules of transfers that other modules decide by. */
export { reservationKind } from './jobs/rules.js';
export { type Path, pathToDestination } from './lifecycle/rules.js';
