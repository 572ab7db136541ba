import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/rules.js';

/** The time at which every world begins, and at which tests of rules decide. */
export const NOW = new Date('2026-01-15T09:00:00.000Z');

/** Returns the instant that lies n milliseconds after `NOW`; before it, where they are negative. */
export const fromNow = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);
export const minutesFromNow = (minutes: number) => fromNow(minutes * MINUTE_MS);
export const hoursFromNow = (hours: number) => fromNow(hours * HOUR_MS);
export const daysFromNow = (days: number) => fromNow(days * DAY_MS);
