/** Plans: proposed, confirmed, read, and erased. */
export {
  AllocationJobs,
  confirmationResolvers,
  LostStore,
  ConfirmationStore,
} from './confirmations/index.js';
export { ALLOCATION_TEXT_COLUMNS, eraseAllocationsOf } from './erasure.js';
export {
  assignmentResolvers,
  allocationResolvers,
  forgetPlanReasons,
  redactPlans,
  AllocationStore,
} from './plans/index.js';
export { proposalResolvers, ProposalStore } from './proposals/index.js';
