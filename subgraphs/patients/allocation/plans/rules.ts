import { noneWithId, type WithTypename } from '../../../../shared/validation/rules.js';
import type { AllocationSummary, UnknownPlan } from '../../generated/graphql.js';
import type { PlanRow } from './rows.js';

/** Returns the refusal for a plan that does not exist and for one that the caller may not act on, in the same words. */
export function unknownPlan(planId: string): WithTypename<UnknownPlan> {
  return noneWithId('plan', planId, '`Incident.allocationPlans`', 'change');
}

const CLOSED = {
  CONFIRMING: [
    'is being confirmed',
    'Wait until it is, or discard it with discardAllocation before its transfers are made.',
  ],
  CONFIRMED: ['is confirmed', 'Cancel single transfers, or propose for the patients who are left.'],
  DISCARDED: ['is discarded', 'Propose a new one.'],
} as const;

/** Returns the refusal of an act that only a proposed plan permits; undefined while it is proposed. */
export function refusalIfClosedPlan({ id, status }: Pick<PlanRow, 'id' | 'status'>) {
  if (status === 'PROPOSED') return undefined;
  const [state, next] = CLOSED[status];
  return {
    __typename: 'PlanEnded',
    message: `The plan ${state} already. ${next}`,
    plan: { id },
  } as const;
}

/** Numbers of entries: transfers made, facilities lost, entries overridden. */
export interface Outcomes {
  confirmed: number;
  lost: number;
  overridden: number;
}

/** Returns the plan in numbers; `outcomes` are those of a plan whose confirmation has begun. */
export function summaryOf(plan: PlanRow, outcomes: Outcomes | undefined): AllocationSummary {
  const { patients, allocated, weightedMinutes, cost, optimalityGap, status } = plan;
  const { solverMilliseconds, timedOut, method } = plan;
  const isConfirmed = status === 'CONFIRMED';
  return {
    patients,
    allocated,
    unallocated: patients - allocated,
    weightedMinutes,
    cost,
    optimalityGap,
    solverMilliseconds,
    timedOut,
    method,
    overridden: outcomes?.overridden ?? 0,
    confirmed: isConfirmed ? (outcomes?.confirmed ?? 0) : null,
    lost: isConfirmed ? (outcomes?.lost ?? 0) : null,
  };
}
