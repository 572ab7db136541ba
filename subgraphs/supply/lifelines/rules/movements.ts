import { HOUR_MS } from '../../../../shared/time/rules.js';
import type { Lifeline } from '../../generated/prisma/client.js';
import { fallByMovement } from './falls.js';
import { rankOf } from './kinds.js';
import { levelAt } from './levels.js';
import type { MovedQuantities, MovedQuantity } from './moved-quantities.js';
import { isSuddenRise } from './rises.js';

/** A delivery is booked in the same shift in which somebody reads the gauge; a rise longer ago was another one. */
const SHOWN_HOURS = 2;
/** A report that stands higher by less than this share of a delivery does not show it: gauges and loads are never exact. */
const SHOWN_SHARE = 0.5;

/**
 * Returns the lifeline after a booking. A report that was observed later contains the movement, and so does one that stands higher by it
 * although nothing was booked: nobody may rely on the same fuel twice. All others are increased from the arrival on, and what arrives is
 * first what was expected.
 */
export function withMovement(lifeline: Lifeline, moved: MovedQuantity): Lifeline {
  if (moved.at <= lifeline.observedAt) return lifeline;
  const after = { ...lifeline };
  move(after, moved);
  return after;
}

/** Returns the lifeline after all that was booked since it was observed, as `withMovement` has each. */
export function withMovements(lifeline: Lifeline, moved: MovedQuantities): Lifeline {
  const after = { ...lifeline };
  moved.forEachAfter(lifeline.observedAt, (one) => move(after, one));
  return after;
}

/** Changes a lifeline by a booking after it was observed. */
function move(lifeline: Lifeline, moved: MovedQuantity): void {
  const { quantity, at } = moved;
  if (isShown(lifeline, moved)) {
    lifeline.unbookedRise = Math.max(0, lifeline.unbookedRise - quantity);
    if (!isSuddenRise(lifeline)) lifeline.risenAt = null;
    return;
  }
  if (at.getTime() > lifeline.levelAt.getTime()) {
    lifeline.level = levelAt(lifeline, at);
    lifeline.levelAt = at;
  }
  const level = lifeline.level === null ? null : Math.max(0, lifeline.level + quantity);
  lifeline.fellAt = fallByMovement(lifeline, level, at);
  lifeline.level = level;
  lifeline.moved += quantity;
  if (quantity > 0) expectLess(lifeline, quantity);
}

/** Returns the level after a correction, which is no fall of what is there. */
export function withCorrection(lifeline: Lifeline, reversal: MovedQuantity): Lifeline {
  const moved = withMovement(lifeline, reversal);
  return moved === lifeline ? lifeline : { ...moved, fellAt: lifeline.fellAt };
}

/** Returns when a movement arrived: at the latest when the report was observed that shows it. */
export function arrivalOf(lifeline: Lifeline | undefined, moved: MovedQuantity): Date {
  const { at } = moved;
  if (!lifeline || at <= lifeline.observedAt || !isShown(lifeline, moved)) return at;
  return lifeline.observedAt;
}

/**
 * Returns by how much a report stands above what was known before, as if nothing had been moved after it; 0 where what was known
 * before is of another rank, and so says nothing of this difference.
 *
 * @param moved What was moved after it, summed up.
 */
export function unbookedRise(
  { stock, observedAt, method }: Pick<Lifeline, 'stock' | 'observedAt' | 'method'>,
  before: Lifeline | undefined,
  moved: number,
): number {
  if (!before || stock === null || rankOf(before.method) !== rankOf(method)) return 0;
  const level = levelAt(before, observedAt);
  if (level === null || method === 'MODELLED') return 0;
  const hours = Math.max(0, Number(before.levelAt) - Number(observedAt)) / HOUR_MS;
  const drawn = before.supplied ? 0 : (before.load ?? 0) * hours;
  return Math.max(0, stock - Math.max(0, level + drawn - moved));
}

function isShown({ unbookedRise: rise, observedAt }: Lifeline, { quantity, at }: MovedQuantity) {
  if (quantity <= 0 || rise < quantity * SHOWN_SHARE) return false;
  return at.getTime() - observedAt.getTime() <= SHOWN_HOURS * HOUR_MS;
}

/** A quantity that arrives is first the one that was expected. */
function expectLess(lifeline: Lifeline, quantity: number): void {
  const { deliveryQuantity, renewEveryHours } = lifeline;
  if (deliveryQuantity === null || renewEveryHours !== null) return;
  const rest = deliveryQuantity - quantity;
  lifeline.deliveryQuantity = rest > 0 ? rest : null;
  if (rest <= 0) lifeline.deliveryAt = null;
}
