/** Plans as they are stored, read and cancelled. */
export { assignmentResolvers } from './entries/resolvers.js';
export { ofPlanIfLeading } from './reading.js';
export { allocationResolvers } from './resolvers.js';
export type { PlanRow } from './rows.js';
export { ERASE_OVERRIDES, ERASE_PLAN_REASONS } from './statements.js';
export {
  forgetPlanReasons,
  lockPlan,
  publishPlan,
  purgeDiscardedPlans,
  redactPlans,
} from './store-changes.js';
export { AllocationStore, type PageArguments, type PlanRef } from './store.js';
export { planVisibilityOf } from './visibility.js';
