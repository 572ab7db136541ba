import type { Named } from '../facilities/rules.js';
import type { AllocationSummary, UnknownPlan } from '../generated/graphql.js';
import type { PlanRow } from './row.js';

/** The same words for a plan that there is not and one the caller may not act on. */
export function unknownPlan(plan: string): Named<UnknownPlan> {
  return {
    __typename: 'UnknownPlan',
    message: `There is no plan with the id ${plan.slice(0, 100)} that you lead. Take the id from \`Incident.allocationPlans\`.`,
    plan,
  };
}

const SETTLED = {
  CONFIRMING: 'is being confirmed',
  CONFIRMED: 'is confirmed',
  DISCARDED: 'is discarded',
} as const;

/** The refusal of what only a proposed plan takes; undefined while it is proposed. */
export function refusalIfSettled({ id, status }: Pick<PlanRow, 'id' | 'status'>) {
  if (status === 'PROPOSED') return undefined;
  const next =
    status === 'DISCARDED'
      ? 'Propose a new one.'
      : 'Cancel single transfers, or propose for those who are left.';
  return {
    __typename: 'PlanSettled',
    message: `The plan ${SETTLED[status]} already. ${next}`,
    plan: { id },
  } as const;
}

/** How many got their house and how many lost it. */
export interface Outcomes {
  confirmed: number;
  lost: number;
}

/** The plan in numbers; `outcomes` once it is confirmed. */
export function summaryOf(plan: PlanRow, outcomes: Outcomes | undefined): AllocationSummary {
  const { patients, allocated, weightedMinutes, cost, optimalityGap } = plan;
  const { solverMilliseconds, timedOut, method } = plan;
  return {
    ...{ patients, allocated, unallocated: patients - allocated },
    ...{ weightedMinutes, cost, optimalityGap, solverMilliseconds, timedOut, method },
    confirmed: outcomes?.confirmed ?? null,
    lost: outcomes?.lost ?? null,
  };
}
