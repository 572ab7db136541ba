import type { LifelineKind } from '../../generated/graphql.js';
import type { Lifeline } from '../../generated/prisma/client.js';
import { isOwnWord } from './kinds.js';
import { levelAt } from './levels.js';

/** Within this time a fall by more than half is sudden: nothing is drawn so fast, so that somebody must look. */
export const SUDDEN_MINUTES = 10;

/** A level that the facility itself observed. */
export interface ObservedLevel {
  facilityId: string;
  kind: LifelineKind;
  stock: number;
  observedAt: Date;
}

/**
 * Returns when a lifeline last fell suddenly, as of a report that counts: to 0, or to less than half of the most that was there in the 10
 * minutes before. Without an earlier word of the facility nothing has fallen, and a rise ends what fell before.
 *
 * @param reported The earlier levels that the facility observed itself.
 */
export function fallOf(
  { stock, observedAt, method }: Pick<Lifeline, 'stock' | 'observedAt' | 'method'>,
  current: Lifeline | undefined,
  reported: readonly ObservedLevel[],
): Date | null {
  if (!current || !isOwnWord(method) || !isOwnWord(current.method)) return null;
  if (stock === null) return current.fellAt;
  const until = observedAt.getTime();
  const recent = reported
    .filter((one) => Number(one.observedAt) < until && Number(one.observedAt) >= until - SUDDEN_MS)
    .map((one) => one.stock);
  const expected = levelAt(current, observedAt);
  const most = Math.max(expected ?? 0, ...recent);
  if (isSudden(most, stock)) return observedAt;
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

function isSudden(most: number, level: number): boolean {
  return most > 0 && (level === 0 || level < most / 2);
}

const SUDDEN_MS = SUDDEN_MINUTES * 60_000;
