import { HOUR_MS } from '../../../shared/time/rules.js';
import {
  invalid,
  noneWithId,
  outOfRange,
  reasonFault,
  type WithTypename,
} from '../../../shared/validation/rules.js';
import type {
  ActivateAlarmPlanInput,
  AlarmPlan,
  AlarmPlanExists,
  AlarmPlanEndOutOfRange,
  InvalidAlarmPlan,
  UnknownAlarmPlan,
} from '../generated/graphql.js';

/** A shift of everybody called in lasts a day; who goes on says so again (our policy). */
export const DEFAULT_HOURS = 24;
/** Longer than three days is no alarm but another way of working, which is declared as intake (our policy). */
export const MOST_HOURS = 72;

/** An activation as it is kept. */
export interface AcceptedActivation {
  reason: string;
  until: Date;
}

export type ActivationRefusal = WithTypename<
  AlarmPlanExists | InvalidAlarmPlan | AlarmPlanEndOutOfRange
>;

/** Judges an activation; `active` is the alarm plan the facility runs already. */
export function judgeActivation(
  { reason, until }: ActivateAlarmPlanInput,
  active: AlarmPlan | undefined,
  now: Date,
): AcceptedActivation | ActivationRefusal {
  const end = until ?? new Date(now.getTime() + DEFAULT_HOURS * HOUR_MS);
  return (
    unfounded(reason) ??
    endOutOfRange(end, now) ??
    (active ? alarmPlanExists(active) : { reason: reason.trim(), until: end })
  );
}

export function unknownAlarmPlan(alarmPlan: string): WithTypename<UnknownAlarmPlan> {
  return noneWithId('alarmPlan', alarmPlan, '`Facility.alarmPlan`');
}

function alarmPlanExists(active: AlarmPlan): ActivationRefusal {
  return {
    __typename: 'AlarmPlanExists',
    message: `The facility runs its alarm plan since ${active.activatedAt.toISOString()}, until ${active.until.toISOString()}. To change its end, end it and activate it again; the hours count again then.`,
    alarmPlan: active,
  };
}

function unfounded(reason: string): ActivationRefusal | undefined {
  return invalid('InvalidAlarmPlan', 'reason', reasonFault(reason));
}

function endOutOfRange(until: Date, now: Date): ActivationRefusal | undefined {
  return outOfRange('AlarmPlanEndOutOfRange', 'until', until, {
    earliest: new Date(now.getTime() + 1),
    latest: new Date(now.getTime() + MOST_HOURS * HOUR_MS),
    advice: `Give an end at most ${MOST_HOURS} hours ahead.`,
  });
}
