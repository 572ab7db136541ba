import { daysFromNow, NOW } from '../../../../shared/testing/now.js';
import { type UsableBatch, usableDays, usableOf } from './usable.js';

const batch = (quantity: number, days: number | null, isRecalled = false): UsableBatch => ({
  quantity,
  usableUntil: days === null ? null : daysFromNow(days),
  isRecalled,
});

test.each<[string, UsableBatch[], number | null, number | null]>([
  [
    'a day of the first, nothing recalled, all of the good',
    [batch(30, 1), batch(12, 300, true), batch(7, 300)],
    5,
    2.4,
  ],
  ['what expired is nothing', [batch(30, 0), batch(10, null)], 5, 2],
  ['what has no date never expires', [batch(500, null)], 5, 100],
  ['a batch that is used up in time counts whole', [batch(5, 1), batch(10, 3)], 5, 3],
  ['two that expire on one day share it', [batch(5, 1), batch(5, 1), batch(5, 9)], 5, 2],
  ['a later batch has what the first one left of the days', [batch(10, 2), batch(30, 3)], 5, 3],
  ['nothing at all', [], 5, 0],
  ['no consumption known', [batch(5, 1)], null, null],
  ['no consumption', [batch(5, 1)], 0, null],
])('%s', (_, batches, perDay, days) => {
  expect(usableDays(batches, perDay, NOW)).toBe(days);
});

test('without a consumption all that is neither recalled nor expired can be used, until the first date', () => {
  const batches = [batch(3, 9), batch(4, 2), batch(5, null), batch(6, -1), batch(7, null, true)];
  expect(usableOf(batches, null, NOW)).toEqual({ quantity: 12, judgedAgainAt: daysFromNow(2) });
});

test.each<[string, UsableBatch[], Date | null]>([
  ['never without dates', [batch(5, null)], null],
  ['within the hour while each moment takes some of it', [batch(30, 1)], daysFromNow(1 / 24)],
  ['at the first date if that is sooner', [batch(30, 0.01)], daysFromNow(0.01)],
  ['an hour after it begins to shrink', [batch(10, 12)], daysFromNow(2 + 1 / 24)],
])('it is judged again %s', (_, batches, at) => {
  expect(usableOf(batches, 1, NOW).judgedAgainAt).toEqual(at);
});
