import type { WithTypename } from '../../../shared/validation/rules.js';
import type {
  ActivateAlarmPlanInput,
  AlarmPlan,
  AlarmPlanActive,
  AlarmPlanEndOutOfRange,
  AlarmPlanIncomplete,
  UnknownAlarmPlan,
} from '../generated/graphql.js';

/** A shift of everybody called in lasts a day; who goes on says so again (our policy). */
export const DEFAULT_HOURS = 24;
/** Longer than three days is no alarm but another way of working, which is declared as intake (our policy). */
export const MOST_HOURS = 72;
const LONGEST_REASON = 500;

/** An activation as it is kept. */
export interface AcceptedActivation {
  reason: string;
  until: Date;
}

export type ActivationRefusal = WithTypename<
  AlarmPlanActive | AlarmPlanIncomplete | AlarmPlanEndOutOfRange
>;

/** Judges an activation; `active` is the alarm plan the facility runs already. */
export function judgeActivation(
  { reason, until }: ActivateAlarmPlanInput,
  active: AlarmPlan | undefined,
  now: Date,
): AcceptedActivation | ActivationRefusal {
  const end = until ?? new Date(now.getTime() + DEFAULT_HOURS * 3_600_000);
  return (
    unfounded(reason) ??
    outOfRange(end, now) ??
    (active ? alreadyActive(active) : { reason: reason.trim(), until: end })
  );
}

export function unknownAlarmPlan(alarmPlan: string): WithTypename<UnknownAlarmPlan> {
  return {
    __typename: 'UnknownAlarmPlan',
    message: `There is no alarm plan with the id ${alarmPlan.slice(0, 100)}. Take the id from \`Facility.alarmPlan\`.`,
    alarmPlanId: alarmPlan,
  };
}

function alreadyActive(active: AlarmPlan): ActivationRefusal {
  return {
    __typename: 'AlarmPlanActive',
    message: `The facility runs its alarm plan since ${active.activatedAt.toISOString()}, until ${active.until.toISOString()}. To change its end, end it and activate it again; the hours count again then.`,
    alarmPlan: active,
  };
}

function unfounded(reason: string): ActivationRefusal | undefined {
  const { length } = reason.trim();
  if (length > 0 && length <= LONGEST_REASON) return undefined;
  return {
    __typename: 'AlarmPlanIncomplete',
    message: `reason says in 1 to ${LONGEST_REASON} characters why the alarm plan is activated; received ${length}.`,
    field: 'reason',
  };
}

function outOfRange(until: Date, now: Date): ActivationRefusal | undefined {
  const latest = new Date(now.getTime() + MOST_HOURS * 3_600_000);
  if (until > now && until <= latest) return undefined;
  return {
    __typename: 'AlarmPlanEndOutOfRange',
    message: `until lies after ${now.toISOString()} and at most ${MOST_HOURS} hours ahead, ${latest.toISOString()}; received ${until.toISOString()}.`,
    field: 'until',
    at: until,
    earliest: now,
    latest,
  };
}
