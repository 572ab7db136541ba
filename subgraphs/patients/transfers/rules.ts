/** Rules of transfers that other modules decide by. */
export { reservationKind } from './jobs/rules.js';
export type { Path } from './lifecycle/rules.js';
export { pathToDestination } from './lifecycle/rules/destination-paths.js';
