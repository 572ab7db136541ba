import type { Weekday } from '../../generated/graphql.js';
import { isOpen, isOverlapping, isWholeWeek, minuteOf, weekMinuteOf } from './windows.js';

const window = (from: string, to: string, ...weekdays: Weekday[]) => ({
  weekdays,
  fromMinute: minuteOf(from)!,
  toMinute: minuteOf(to)!,
});
const isOpenAt = (instant: string, it: ReturnType<typeof window>) =>
  isOpen(it, weekMinuteOf(new Date(instant)));

describe('a window', () => {
  const day = window('07:00', '19:00', 'MONDAY');

  test.each([
    ['before it begins', '2026-01-12T05:59:59.999Z', false],
    ['when it begins', '2026-01-12T06:00:00.000Z', true],
    ['in its last minute', '2026-01-12T17:59:59.999Z', true],
    ['when it ends', '2026-01-12T18:00:00.000Z', false],
    ['on another day', '2026-01-13T06:00:00.000Z', false],
  ])('by the clocks of Germany: %s', (_, instant, open) => {
    expect(isOpenAt(instant, day)).toBe(open);
  });

  test.each([
    ['on the evening it begins', '2026-01-16T21:00:00.000Z', true], // Friday 22:00
    ['after midnight, on the next day', '2026-01-17T04:59:00.000Z', true],
    ['when it ends there', '2026-01-17T05:00:00.000Z', false],
    ['in the morning of the day it begins', '2026-01-16T04:00:00.000Z', false],
    ['on the next evening', '2026-01-17T21:00:00.000Z', false],
  ])('over midnight belongs to the day it begins on: %s', (_, instant, open) => {
    expect(isOpenAt(instant, window('22:00', '06:00', 'FRIDAY'))).toBe(open);
  });

  test('over Sunday’s midnight goes on in the next week', () => {
    const night = window('22:00', '06:00', 'SUNDAY');
    expect(isOpenAt('2026-01-18T23:30:00.000Z', night)).toBe(true); // Monday 00:30
    expect(isOpenAt('2026-01-19T05:00:00.000Z', night)).toBe(false);
  });

  test('without weekdays holds every day', () => {
    const night = window('22:00', '06:00');
    expect(isOpenAt('2026-01-14T02:00:00.000Z', night)).toBe(true);
    expect(isOpenAt('2026-01-14T12:00:00.000Z', night)).toBe(false);
  });

  test('that ends when it begins is a whole day long', () => {
    const duty = window('08:00', '08:00', 'MONDAY');
    expect(isOpenAt('2026-01-12T07:00:00.000Z', duty)).toBe(true);
    expect(isOpenAt('2026-01-13T06:59:00.000Z', duty)).toBe(true);
    expect(isOpenAt('2026-01-13T07:00:00.000Z', duty)).toBe(false);
  });
});

describe('when clocks are changed', () => {
  const night = window('02:00', '03:00', 'SUNDAY');

  test('in autumn a window of the repeated hour holds twice', () => {
    expect(isOpenAt('2026-10-24T23:59:00.000Z', night)).toBe(false); // 01:59, summer time
    expect(isOpenAt('2026-10-25T00:30:00.000Z', night)).toBe(true); // 02:30, summer time
    expect(isOpenAt('2026-10-25T01:30:00.000Z', night)).toBe(true); // 02:30, again
    expect(isOpenAt('2026-10-25T02:00:00.000Z', night)).toBe(false); // 03:00
  });

  test('in spring a window of the skipped hour never comes', () => {
    expect(isOpenAt('2026-03-29T00:59:00.000Z', night)).toBe(false); // 01:59
    expect(isOpenAt('2026-03-29T01:00:00.000Z', night)).toBe(false); // 03:00
  });

  test('a window begins at the same hour of the clock in summer and winter', () => {
    const late = window('22:00', '24:00');
    expect(isOpenAt('2026-07-01T20:00:00.000Z', late)).toBe(true);
    expect(isOpenAt('2026-01-01T20:00:00.000Z', late)).toBe(false);
    expect(isOpenAt('2026-01-01T21:00:00.000Z', late)).toBe(true);
  });
});

test.each([
  ['two halves of a day', window('00:00', '12:00'), window('12:00', '24:00'), false],
  ['day and night', window('07:00', '19:00'), window('19:00', '07:00'), false],
  ['by one minute', window('07:00', '19:01'), window('19:00', '07:00'), true],
  [
    'on different days',
    window('08:00', '12:00', 'MONDAY'),
    window('08:00', '12:00', 'TUESDAY'),
    false,
  ],
  [
    'over midnight into the next day',
    window('22:00', '06:00', 'MONDAY'),
    window('05:00', '07:00', 'TUESDAY'),
    true,
  ],
  [
    'over the end of the week',
    window('22:00', '06:00', 'SUNDAY'),
    window('05:00', '07:00', 'MONDAY'),
    true,
  ],
  [
    'over the end of the week, stated the other way round',
    window('05:00', '07:00', 'MONDAY'),
    window('22:00', '06:00', 'SUNDAY'),
    true,
  ],
])('two windows that are open together are found: %s', (_, a, b, overlapping) => {
  expect(isOverlapping(a, b)).toBe(overlapping);
});

test.each([
  ['day and night', [window('07:00', '19:00'), window('19:00', '07:00')], true],
  ['a minute is missing', [window('07:00', '19:00'), window('19:00', '06:59')], false],
  ['a day is missing', [window('00:00', '24:00', 'MONDAY', 'TUESDAY')], false],
])('whether windows fill the week: %s', (_, windows, whole) => {
  expect(isWholeWeek(windows)).toBe(whole);
});

test.each([
  ['00:00', 0],
  ['07:30', 450],
  ['24:00', 1_440],
  ['24:01', undefined],
  ['7:30', undefined],
  ['12:60', undefined],
  ['noon', undefined],
])('a time of day is written HH:MM: %s', (text, minute) => {
  expect(minuteOf(text)).toBe(minute);
});
