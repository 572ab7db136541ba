/** Limits of beds that supply declares to capacity, whatever their cause. */
export { CapacityJobs, LimitJobKind } from './jobs.js';
export { declareLimits, facilitiesToRenew, type WantedLimit } from './store.js';
