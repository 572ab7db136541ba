import type { PlanRow } from './rows.js';
import type { AllocationStore, PlanRef } from './store.js';

/** The part of a request's context that reading a plan needs. */
interface PlanContext {
  allocations: AllocationStore;
}

/** Resolves a field of a plan for every caller who sees the plan. */
export function ofPlan<Field, Context extends PlanContext>(
  read: (plan: PlanRow, context: Context) => Field,
) {
  return async (ref: PlanRef, _: unknown, context: Context): Promise<Field> =>
    read(await context.allocations.get(ref), context);
}

/** Resolves a field about the plan as a whole: null for callers who see only their part of it. */
export function ofPlanIfLeading<Field, Arguments, Context extends PlanContext>(
  read: (plan: PlanRow, args: Arguments, context: Context) => Field | Promise<Field>,
) {
  return async (ref: PlanRef, args: Arguments, context: Context): Promise<Field | null> => {
    const plan = await context.allocations.get(ref);
    return plan.leads ? read(plan, args, context) : null;
  };
}
