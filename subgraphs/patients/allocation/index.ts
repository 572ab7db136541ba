/** Plans: proposed, confirmed, read, and erased. */
export { AllocationJobs } from './confirmations/jobs.js';
export { confirmationResolvers } from './confirmations/resolvers.js';
export { LostStore } from './confirmations/store-lost.js';
export { ConfirmationStore } from './confirmations/store.js';
export { ALLOCATION_TEXT_COLUMNS, eraseAllocationsOf } from './erasure.js';
export { assignmentResolvers } from './plans/entries/resolvers.js';
export { allocationResolvers } from './plans/resolvers.js';
export { forgetPlanReasons, redactPlans } from './plans/store-changes.js';
export { AllocationStore } from './plans/store.js';
export { proposalResolvers } from './proposals/resolvers.js';
export { ProposalStore } from './proposals/store.js';
