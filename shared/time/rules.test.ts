import {
  DAY_MINUTES,
  DAY_MS,
  DAY_SECONDS,
  HOUR_MINUTES,
  HOUR_MS,
  HOUR_SECONDS,
  MINUTE_MS,
  MINUTE_SECONDS,
  SECOND_MS,
  WEEK_MINUTES,
  YEAR_MS,
} from './rules.js';

const between = (from: string, until: string) => Date.parse(until) - Date.parse(from);

test('the units are those of the calendar', () => {
  expect(between('2026-01-15T09:00:00Z', '2026-01-15T09:00:01Z')).toBe(SECOND_MS);
  expect(between('2026-01-15T09:00:00Z', '2026-01-15T09:01:00Z')).toBe(MINUTE_MS);
  expect(between('2026-01-15T09:00:00Z', '2026-01-15T10:00:00Z')).toBe(HOUR_MS);
  expect(between('2026-01-15', '2026-01-16')).toBe(DAY_MS);
  expect(between('2001-01-01', '2005-01-01')).toBe(4 * YEAR_MS);
});

test('a unit is as long in each smaller unit', () => {
  expect([MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS].map((seconds) => seconds * SECOND_MS)).toEqual(
    [MINUTE_MS, HOUR_MS, DAY_MS],
  );
  expect([HOUR_MINUTES, DAY_MINUTES, WEEK_MINUTES].map((minutes) => minutes * MINUTE_MS)).toEqual([
    HOUR_MS,
    DAY_MS,
    7 * DAY_MS,
  ]);
});
