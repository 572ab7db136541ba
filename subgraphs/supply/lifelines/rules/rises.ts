import { HOUR_MS } from '../../../../shared/time/rules.js';
import type { Lifeline, LifelineKind } from '../../generated/prisma/client.js';
import { isOwnWord } from './kinds.js';
import { believedMost } from './falls.js';
import { levelAt } from './levels.js';

/** A delivery that was announced explains a rise from so long before it was expected: lorries come early. */
const EARLY_HOURS = 2;

/** Kinds that fill up by themselves while they are supplied from outside: batteries are charged, tanks are refilled by the network. */
const REFILLED: ReadonlySet<LifelineKind> = new Set([
  'WATER',
  'HEAT',
  'COMPRESSED_AIR',
  'IT',
  'RADIO',
]);

type Level = Pick<
  Lifeline,
  'kind' | 'stock' | 'supplied' | 'method' | 'observedAt' | 'receivedAt' | 'unbookedRise'
>;

/**
 * Whether a level rose to more than double although nothing explains it: what is drawn on never rises by itself, so that a rise is a delivery, or
 * a number typed wrong. The counterpart of a fall by more than half, over whatever time.
 */
export function isSuddenRise({ stock, unbookedRise }: Pick<Lifeline, 'stock' | 'unbookedRise'>) {
  return stock !== null && unbookedRise > stock / 2;
}

/**
 * Returns when a lifeline last rose with nothing that explains it, as of a report that counts: neither a booking nor a delivery that was announced.
 * The facility's first own word is no rise, nor is one that takes a fall of the last 10 minutes back; a fall by more than half ends it, as it takes the number back.
 */
export function riseOf(report: Level, current: Lifeline | undefined): Date | null {
  const { kind, stock, method, observedAt, receivedAt, unbookedRise } = report;
  if (!current || !isOwnWord(method) || !isOwnWord(current.method)) return null;
  if (stock === null) return current.risenAt;
  const isRefilled = REFILLED.has(kind) && (report.supplied || current.supplied);
  const believed = believedMost(current, receivedAt).believedLevel ?? 0;
  const unexplained = Math.min(
    unbookedRise - announcedBy(current, observedAt),
    // Back to what was believed some minutes ago: it takes a fall back.
    stock - believed,
  );
  if (!isRefilled && isSuddenRise({ stock, unbookedRise: unexplained })) {
    return receivedAt > observedAt ? receivedAt : observedAt;
  }
  const expected = levelAt(current, observedAt);
  return expected !== null && stock < expected / 2 ? null : current.risenAt;
}

/**
 * Returns when the load of a lifeline last dropped by more than half, which moves its hour ahead as a rise does; a load that more than doubles
 * ends it. Only between loads that the facility states, or that follow from beds that it reported.
 */
export function easeOf(
  { load, loadMethod, receivedAt }: Pick<Lifeline, 'load' | 'loadMethod' | 'receivedAt'>,
  current: Pick<Lifeline, 'load' | 'loadMethod' | 'easedAt'> | undefined,
): Date | null {
  if (!current) return null;
  const isComparable = [loadMethod, current.loadMethod].every(
    (method) => method !== null && isOwnWord(method),
  );
  if (!isComparable || load === null || current.load === null) return current.easedAt;
  if (load < current.load / 2) return receivedAt;
  return load > current.load * 2 ? null : current.easedAt;
}

/** Returns how much of a delivery that was announced may have arrived by an instant. */
function announcedBy({ deliveryAt, deliveryQuantity }: Lifeline, instant: Date): number {
  if (deliveryAt === null || deliveryQuantity === null) return 0;
  const from = deliveryAt.getTime() - EARLY_HOURS * HOUR_MS;
  return instant.getTime() >= from ? deliveryQuantity : 0;
}
