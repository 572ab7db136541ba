import { HOUR_MS } from '../../../../shared/time/rules.js';
import type { Lifeline, LifelineReport } from '../../generated/prisma/client.js';
import type { MovedQuantities } from './moved-quantities.js';

/** A report is fresh for so long: what was seen before says nothing about now. */
export const FRESH_HOURS = 6;
/** The sources of a lifeline that are compared with the report in force: those with the newest reports, more than MOST_SOURCES of one reporter. */
export const MOST_COMPARED = 60;
/** Gauge, dipstick and books differ by up to a quarter of the larger number; loads, which vary by the hour, by half of it (our parameters). */
const TOLERATED_SHARE = 0.25;
const TOLERATED_LOAD_SHARE = 0.5;

/** A report as it is compared with another one. */
export type ComparedReport = Pick<
  LifelineReport,
  'source' | 'reportedBy' | 'observedAt' | 'stock' | 'load' | 'supplied'
>;

/**
 * Returns until when a fresh report of another source, or of another reporter under the name of one, contradicts the report in force; null where
 * none does. Levels are compared as of the later observation, drawn on at the load in force and with what was booked in between.
 *
 * @param others The newest report of each source and reporter, without modelled ones.
 */
export function contradictionOf(
  current: Lifeline,
  others: readonly ComparedReport[],
  moved: MovedQuantities,
  now: Date,
): Date | null {
  if (current.method === 'MODELLED') return null;
  const inForce = { ...current, supplied: current.statedSupplied, load: current.statedLoad };
  const ends = others
    .filter((other) => other.source !== current.source || other.reportedBy !== current.reportedBy)
    .filter((other) => differ(inForce, other, current, moved))
    .map(({ observedAt }) => observedAt.getTime() + FRESH_HOURS * HOUR_MS)
    .filter((end) => end > now.getTime());
  return ends.length === 0 ? null : new Date(Math.max(...ends));
}

function differ(
  a: ComparedReport,
  b: ComparedReport,
  current: Lifeline,
  moved: MovedQuantities,
): boolean {
  if (a.supplied !== null && b.supplied !== null && a.supplied !== b.supplied) return true;
  if (a.load && b.load && isApart(a.load, b.load, TOLERATED_LOAD_SHARE)) return true;
  if (a.stock === null || b.stock === null) return false;
  const later = new Date(Math.max(Number(a.observedAt), Number(b.observedAt)));
  const [first, second] = [a, b].map((one) => levelOf(one, current, moved, later));
  return isApart(first!, second!, TOLERATED_SHARE);
}

function levelOf(
  { stock, observedAt }: ComparedReport,
  { supplied, load }: Lifeline,
  movements: MovedQuantities,
  at: Date,
): number {
  const hours = (at.getTime() - observedAt.getTime()) / HOUR_MS;
  const moved = movements.sumBetween(observedAt, at);
  return Math.max(0, (stock ?? 0) + moved - (supplied ? 0 : (load ?? 0) * hours));
}

function isApart(a: number, b: number, share: number): boolean {
  return Math.abs(a - b) > share * Math.max(a, b);
}
