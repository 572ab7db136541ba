import { MINUTE_MS } from '../../../../shared/time/rules.js';
import type { Lifeline } from '../../generated/prisma/client.js';
import { isOwnWord } from './kinds.js';
import { levelAt } from './levels.js';

/** Within this time a fall by more than half is sudden: nothing is drawn so fast, so that somebody must look. */
const SUDDEN_MINUTES = 10;
export const SUDDEN_MS = SUDDEN_MINUTES * MINUTE_MS;

/** The most that the hub believed to be there by the facility's own word, and when it last did. */
type BelievedLevel = Pick<Lifeline, 'believedLevel' | 'believedAt'>;

/**
 * Returns the most that the hub believed to be there in the 10 minutes before an instant, whenever that was observed: reports that are
 * dated back lower it step by step, and no step alone is sudden.
 */
export function believedMost(current: Lifeline | undefined, now: Date): BelievedLevel {
  if (!current || !isOwnWord(current.method)) return { believedLevel: null, believedAt: null };
  const { believedLevel, believedAt } = current;
  const level = levelAt(current, now);
  const isRecent = believedAt !== null && Number(now) - Number(believedAt) <= SUDDEN_MS;
  return isRecent && believedLevel !== null && believedLevel > (level ?? 0)
    ? { believedLevel, believedAt }
    : { believedLevel: level, believedAt: now };
}

/**
 * Returns when a lifeline last fell suddenly, as of a report that counts: to 0, or to less than half of the most that was there, or that
 * the hub believed, in the 10 minutes before. The first own word of the facility is a fall when it empties the lifeline, and a rise ends
 * what fell before.
 *
 * @param mostReported The most that the facility observed itself in the 10 minutes before it; null where it observed nothing.
 */
export function fallOf(
  report: Pick<Lifeline, 'stock' | 'load' | 'observedAt' | 'receivedAt' | 'method'>,
  current: Lifeline | undefined,
  mostReported: number | null,
): Date | null {
  const { stock, observedAt, receivedAt, method } = report;
  if (!isOwnWord(method)) return null;
  const fellAt = receivedAt > observedAt ? receivedAt : observedAt;
  if (!current || !isOwnWord(current.method)) return isEmptied(report) ? fellAt : null;
  if (stock === null) return current.fellAt;
  const expected = levelAt(current, observedAt);
  const { believedLevel } = believedMost(current, receivedAt);
  const most = Math.max(expected ?? 0, believedLevel ?? 0, mostReported ?? 0);
  if (isSudden(most, stock)) return fellAt;
  return expected !== null && stock > expected ? null : current.fellAt;
}

/**
 * Returns when a lifeline last fell suddenly, as of a booking that leaves a level at an instant. The most is what was there just before, or what
 * the report in force said, if it was observed within the 10 minutes.
 */
export function fallByMovement(before: Lifeline, level: number | null, at: Date): Date | null {
  if (level === null || before.level === null || !isOwnWord(before.method)) return before.fellAt;
  if (level > before.level) return null;
  const isRecent = at.getTime() - before.observedAt.getTime() <= SUDDEN_MS;
  const most = Math.max(before.level, isRecent ? (before.stock ?? 0) : 0);
  return isSudden(most, level) ? at : before.fellAt;
}

/** Whether nothing is there, or nothing will be within the minutes of a sudden fall. */
function isEmptied({ stock, load }: Pick<Lifeline, 'stock' | 'load'>): boolean {
  return stock !== null && stock <= (load ?? 0) * (SUDDEN_MINUTES / 60);
}

function isSudden(most: number, level: number): boolean {
  return most > 0 && (level === 0 || level < most / 2);
}
