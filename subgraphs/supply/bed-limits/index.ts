/** Limits of beds that supply declares to capacity, whatever their cause. */
export { CapacityJobs } from './jobs.js';
export { LimitJobKind } from './limit-job.js';
export { declareLimits, facilitiesToRenew, type WantedLimit } from './store.js';
