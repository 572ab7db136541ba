/** Requests of supplies and their lines. */
export { supplyRequestResolvers } from './resolvers.js';
export { SupplyRequestChanges } from './store-changes.js';
export { escalate, escalateRequests, releaseOverdue } from './store-clock.js';
export { type CommitmentView, SupplyRequestStore } from './store.js';
