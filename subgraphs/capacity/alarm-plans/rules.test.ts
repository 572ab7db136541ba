import type { ActivateAlarmPlanInput, AlarmPlan } from '../generated/graphql.js';
import { DEFAULT_HOURS, judgeActivation, MOST_HOURS } from './rules.js';

const NOW = new Date('2026-01-15T09:00:00.000Z');
const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);
const active: AlarmPlan = {
  id: 'a',
  reason: 'train accident',
  activatedAt: hours(-2),
  until: hours(5),
};

const judge = (changes: Partial<ActivateAlarmPlanInput> = {}, running?: AlarmPlan) =>
  judgeActivation(
    { facility: 'f', reason: ' train accident ', idempotencyKey: 'k', ...changes },
    running,
    NOW,
  );

test('an alarm plan ends by itself after a day, unless another end is given', () => {
  expect(judge()).toEqual({ reason: 'train accident', until: hours(DEFAULT_HOURS) });
  expect(judge({ until: hours(MOST_HOURS) })).toEqual({
    reason: 'train accident',
    until: hours(MOST_HOURS),
  });
});

test.each([
  ['now', NOW],
  ['earlier', hours(-1)],
  ['later than anybody can be kept at work', new Date(hours(MOST_HOURS).getTime() + 1)],
])('an alarm plan does not end %s', (_, until) => {
  expect(judge({ until })).toMatchObject({
    __typename: 'AlarmPlanEndOutOfRange',
    at: until,
    earliest: new Date(NOW.getTime() + 1),
    latest: hours(MOST_HOURS),
  });
});

test.each([' ', 'x'.repeat(501)])('an alarm plan needs a reason, which is a sentence', (reason) => {
  expect(judge({ reason })).toMatchObject({ __typename: 'InvalidAlarmPlan', field: 'reason' });
});

test('an alarm plan is not activated twice, because its hours count from one moment', () => {
  expect(judge({}, active)).toMatchObject({ __typename: 'AlarmPlanExists', alarmPlan: active });
});
