/** Confirmations of plans, and the job that carries them through. */
export { AllocationJobs } from './jobs.js';
export { confirmationResolvers } from './resolvers.js';
export { LostStore } from './store-lost.js';
export { ConfirmationStore } from './store.js';
