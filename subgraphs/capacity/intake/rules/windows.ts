import { DAY_MINUTES, WEEK_MINUTES } from '../../../../shared/time/rules.js';
import type { Weekday } from '../../generated/graphql.js';
import type { IntakeNumber } from '../../generated/prisma/client.js';

/**
 * A stretch of the week by the clocks of Germany. Not of the calendar: at 02:30 in the night in which clocks are put back
 * it holds twice, and what lies in the hour that is skipped in spring never comes.
 */
export type Window = Pick<IntakeNumber, 'weekdays' | 'fromMinute' | 'toMinute'>;

const WEEKDAYS: readonly Weekday[] = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
];

/** Whether it is no window at all but what holds whenever none does. */
export function isBase({ weekdays, fromMinute, toMinute }: Window): boolean {
  return weekdays.length === 0 && fromMinute === 0 && toMinute === DAY_MINUTES;
}

/** Whether the window is open at a minute of the week, counted from Monday 00:00. */
export function isOpen(window: Window, weekMinute: number): boolean {
  return stretchesOf(window).some(
    ([from, to]) => (weekMinute >= from && weekMinute < to) || weekMinute + WEEK_MINUTES < to,
  );
}

/** Whether two windows are ever open together. */
export function isOverlapping(a: Window, b: Window): boolean {
  return stretchesOf(a).some(([from, to]) =>
    stretchesOf(b).some(([otherFrom, otherTo]) =>
      [-WEEK_MINUTES, 0, WEEK_MINUTES].some(
        (shift) => from < otherTo + shift && otherFrom + shift < to,
      ),
    ),
  );
}

/** Whether at every minute of the week one of them holds: a base, or windows that never overlap. */
export function isWholeWeek(windows: readonly Window[]): boolean {
  const open = windows.flatMap(stretchesOf).reduce((sum, [from, to]) => sum + to - from, 0);
  return open >= WEEK_MINUTES;
}

/** The minute of the week, counted from Monday 00:00, that the clocks of Germany show at an instant. */
export function weekMinuteOf(instant: Date): number {
  const [day, hour, minute] = berlin.formatToParts(instant).flatMap(({ type, value }) => {
    if (type === 'weekday') return [DAYS.indexOf(value)];
    return type === 'hour' || type === 'minute' ? [Number(value)] : [];
  });
  return day! * DAY_MINUTES + hour! * 60 + minute!;
}

/** Minutes from midnight of a time written `HH:MM`, up to 24:00; undefined for any other text. */
export function minuteOf(text: string): number | undefined {
  const [, hour, minute] = /^(\d\d):([0-5]\d)$/.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return minutes <= DAY_MINUTES ? minutes : undefined;
}

/** From and to in minutes of the week; the end of one that runs over Sunday's midnight lies behind the week's. */
function stretchesOf({ weekdays, fromMinute, toMinute }: Window): [number, number][] {
  const length =
    toMinute > fromMinute ? toMinute - fromMinute : toMinute + DAY_MINUTES - fromMinute;
  const days = weekdays.length > 0 ? [...new Set(weekdays)] : WEEKDAYS;
  return days.map((day) => {
    const from = WEEKDAYS.indexOf(day) * DAY_MINUTES + fromMinute;
    return [from, from + length];
  });
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const berlin = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Berlin',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
