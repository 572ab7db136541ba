import type { Named } from '../../capacity-client/rules.js';
import type { AllocationSummary, UnknownPlan } from '../../generated/graphql.js';
import type { PlanRow } from './row.js';

/** The same words for a plan that there is not and one the caller may not act on. */
export function unknownPlan(plan: string): Named<UnknownPlan> {
  return {
    __typename: 'UnknownPlan',
    message: `There is no plan with the id ${plan.slice(0, 100)} that you lead. Take the id from \`Incident.allocationPlans\`.`,
    plan,
  };
}

const CLOSED = {
  CONFIRMING: [
    'is being confirmed',
    'Wait until it is, or discard it with discardAllocation before its transfers are made.',
  ],
  CONFIRMED: ['is confirmed', 'Cancel single transfers, or propose for those who are left.'],
  DISCARDED: ['is discarded', 'Propose a new one.'],
} as const;

/** The refusal of what only a proposed plan takes; undefined while it is proposed. */
export function refusalIfClosedPlan({ id, status }: Pick<PlanRow, 'id' | 'status'>) {
  if (status === 'PROPOSED') return undefined;
  const [state, next] = CLOSED[status];
  return {
    __typename: 'PlanSettled',
    message: `The plan ${state} already. ${next}`,
    plan: { id },
  } as const;
}

/** How many got their house, how many lost it, and how many entries were overridden. */
export interface Outcomes {
  confirmed: number;
  lost: number;
  overridden: number;
}

/** The plan in numbers; `outcomes` once anything has become of it. */
export function summaryOf(plan: PlanRow, outcomes: Outcomes | undefined): AllocationSummary {
  const { patients, allocated, weightedMinutes, cost, optimalityGap, status } = plan;
  const { solverMilliseconds, timedOut, method } = plan;
  const isConfirmed = status === 'CONFIRMED';
  return {
    ...{ patients, allocated, unallocated: patients - allocated },
    ...{ weightedMinutes, cost, optimalityGap, solverMilliseconds, timedOut, method },
    overridden: outcomes?.overridden ?? 0,
    confirmed: isConfirmed ? (outcomes?.confirmed ?? 0) : null,
    lost: isConfirmed ? (outcomes?.lost ?? 0) : null,
  };
}
