import type { PlanRow } from './row.js';
import type { AllocationStore, PlanRef } from './store.js';

/** What reading a plan needs of the context of a request. */
interface PlanContext {
  allocations: AllocationStore;
}

/** A field of a plan that everybody is told who sees the plan. */
export function ofPlan<Field, Context extends PlanContext>(
  read: (plan: PlanRow, context: Context) => Field,
) {
  return async (ref: PlanRef, _: unknown, context: Context): Promise<Field> =>
    read(await context.allocations.get(ref), context);
}

/** A field about the plan as a whole: null for those who see only their part of it. */
export function ofPlanIfLeading<Field, Arguments, Context extends PlanContext>(
  read: (plan: PlanRow, args: Arguments, context: Context) => Field | Promise<Field>,
) {
  return async (ref: PlanRef, args: Arguments, context: Context): Promise<Field | null> => {
    const plan = await context.allocations.get(ref);
    return plan.leads ? read(plan, args, context) : null;
  };
}
