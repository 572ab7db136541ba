import { hoursFromNow, NOW } from '../../../shared/testing/now.js';
import type { ActivateAlarmPlanInput, AlarmPlan } from '../generated/graphql.js';
import { DEFAULT_HOURS, judgeActivation, MOST_HOURS } from './rules.js';

const active: AlarmPlan = {
  id: 'a',
  reason: 'train accident',
  activatedAt: hoursFromNow(-2),
  until: hoursFromNow(5),
};

const judge = (changes: Partial<ActivateAlarmPlanInput> = {}, running?: AlarmPlan) =>
  judgeActivation(
    { facility: 'f', reason: ' train accident ', idempotencyKey: 'k', ...changes },
    running,
    NOW,
  );

test('an alarm plan ends by itself after a day, unless another end is given', () => {
  expect(judge()).toEqual({ reason: 'train accident', until: hoursFromNow(DEFAULT_HOURS) });
  expect(judge({ until: hoursFromNow(MOST_HOURS) })).toEqual({
    reason: 'train accident',
    until: hoursFromNow(MOST_HOURS),
  });
});

test.each([
  ['now', NOW],
  ['earlier', hoursFromNow(-1)],
  ['later than anybody can be kept at work', new Date(hoursFromNow(MOST_HOURS).getTime() + 1)],
])('an alarm plan does not end %s', (_, until) => {
  expect(judge({ until })).toMatchObject({
    __typename: 'AlarmPlanEndOutOfRange',
    at: until,
    earliest: new Date(NOW.getTime() + 1),
    latest: hoursFromNow(MOST_HOURS),
  });
});

test.each([' ', 'x'.repeat(501)])('an alarm plan needs a reason, which is a sentence', (reason) => {
  expect(judge({ reason })).toMatchObject({ __typename: 'InvalidAlarmPlan', field: 'reason' });
});

test('an alarm plan is not activated twice, because its hours count from one moment', () => {
  expect(judge({}, active)).toMatchObject({ __typename: 'AlarmPlanExists', alarmPlan: active });
});
