import type { LimitedBeds } from '../../bed-limits/rules.js';
import type { DeviceFault, DeviceFaultBeds } from '../../generated/prisma/client.js';

/** The beds that one fault takes of one category. */
export interface MissingBeds
  extends
    Pick<DeviceFault, 'since' | 'closedAt'>,
    Pick<DeviceFaultBeds, 'category' | 'missing' | 'intact'> {}

/** The operable beds of the report that was in force when devices failed. */
export interface ReportedBeds {
  operable: number;
  observedAt: Date;
}

/**
 * Returns how many beds could be kept in use if no device were broken, as the report says that was in force when a fault began. Faults that
 * were open by then and older than the report may be counted in it already, because a facility reports what it can operate; nobody
 * knows. So what they take is added back, but never to more than was intact before, unless the report itself has more. A fault that is
 * younger than the report cannot be counted in it.
 */
export function intactBeds(
  since: Date,
  { operable, observedAt }: ReportedBeds,
  others: readonly MissingBeds[],
): number {
  const open = others.filter(
    (one) => one.since <= since && (one.closedAt === null || one.closedAt > since),
  );
  const last = lastKnown(open);
  if (!last) return operable;
  const counted = open.filter((one) => one.intact !== null && one.since <= observedAt);
  return Math.max(operable, Math.min(last.intact, operable + sumOf(counted)));
}

/**
 * Returns the beds that open faults leave of each category: what was intact before the last of them, minus all that they take, and never
 * less than none. A fault of which nobody knows the intact beds limits nothing.
 */
export function bedsLeft(faults: readonly MissingBeds[]): LimitedBeds[] {
  const open = faults.filter((one) => one.closedAt === null && one.intact !== null);
  return [...new Set(open.map(({ category }) => category))].sort().map((category) => {
    const concerned = open.filter((one) => one.category === category);
    const { intact, since } = lastKnown(concerned)!;
    return { category, beds: Math.max(0, intact - sumOf(concerned)), from: since };
  });
}

/**
 * Returns when the beds that are left last fell to less than half of the intact ones, or to none, so that a person must look; null where
 * more are left.
 */
export function fallOf(faults: readonly MissingBeds[]): Date | null {
  const fallen = bedsLeft(faults).filter(({ category, beds }) => {
    const concerned = faults.filter((one) => one.closedAt === null && one.category === category);
    return beds === 0 || beds < lastKnown(concerned)!.intact / 2;
  });
  return fallen.map(({ from }) => from).toSorted((a, b) => Number(b) - Number(a))[0] ?? null;
}

/** The youngest fault of those whose intact beds are known. */
function lastKnown(faults: readonly MissingBeds[]) {
  return faults
    .filter((one): one is MissingBeds & { intact: number } => one.intact !== null)
    .toSorted((a, b) => Number(b.since) - Number(a.since))[0];
}

function sumOf(faults: readonly MissingBeds[]): number {
  return faults.reduce((sum, { missing }) => sum + missing, 0);
}
