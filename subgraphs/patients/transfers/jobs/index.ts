/** Jobs by which transfers reserve and release slots in capacity. */
export type { ReservedSlot } from './capacity-calls.js';
export { type JobDependencies, TransferJobs } from './jobs.js';
export { openClaim } from './store-slots.js';
