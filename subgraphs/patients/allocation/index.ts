/** Plans: proposed, confirmed, read, and erased. */
export { AllocationJobs } from './confirmations/jobs.js';
export { LostStore } from './confirmations/lost.js';
export { confirmationResolvers } from './confirmations/resolvers.js';
export { ConfirmationStore } from './confirmations/store.js';
export {
  ALLOCATION_TEXT_COLUMNS,
  eraseAllocationsOf,
  forgetPlanReasons,
  redactPlans,
} from './erasure.js';
export { allocationResolvers } from './plans/resolvers.js';
export { AllocationStore } from './plans/store.js';
export { proposalResolvers } from './proposals/resolvers.js';
export { ProposalStore } from './proposals/store.js';
