import type { Lifeline, LifelineMovement } from '../../generated/prisma/client.js';
import { fallByMovement } from './falls.js';
import { rankOf } from './kinds.js';
import { levelAt, rebased } from './levels.js';
import { isSuddenRise } from './rises.js';

const HOUR_MS = 3_600_000;
/** A delivery is booked in the same shift in which somebody reads the gauge; a rise longer ago was another one. */
const SHOWN_HOURS = 2;
/** A receipt is put right for so long; what was booked before is contained in many levels since. */
const CORRECTED_HOURS = 24;
/** A report that stands higher by less than this share of a delivery does not show it: gauges and loads are never exact. */
const SHOWN_SHARE = 0.5;

/** A quantity that arrived (above 0) or was passed on (below 0), in the unit of the lifeline, and when. */
export type MovedQuantity = Pick<LifelineMovement, 'quantity' | 'at'>;

/**
 * Returns the lifeline after a booking. A report that was observed later contains the movement, and so does one that stands higher by it
 * although nothing was booked: nobody may rely on the same fuel twice. All others are increased from the arrival on, and what arrives is
 * first what was expected.
 */
export function withMovement(lifeline: Lifeline, moved: MovedQuantity): Lifeline {
  const { quantity, at } = moved;
  if (at <= lifeline.observedAt) return lifeline;
  if (isShown(lifeline, moved)) {
    const unbookedRise = Math.max(0, lifeline.unbookedRise - quantity);
    const isExplained = !isSuddenRise({ stock: lifeline.stock, unbookedRise });
    return { ...lifeline, unbookedRise, risenAt: isExplained ? null : lifeline.risenAt };
  }
  const then = rebased(lifeline, at);
  const level = then.level === null ? null : Math.max(0, then.level + quantity);
  return {
    ...then,
    level,
    fellAt: fallByMovement(then, level, at),
    moved: then.moved + quantity,
    ...(quantity > 0 ? stillExpected(then, quantity) : {}),
  };
}

/** Returns the level after a correction, which is no fall of what is there. */
export function withCorrection(lifeline: Lifeline, reversal: MovedQuantity): Lifeline {
  const moved = withMovement(lifeline, reversal);
  return moved === lifeline ? lifeline : { ...moved, fellAt: lifeline.fellAt };
}

/**
 * Returns what a correction of a stock takes back of what arrived there within a day and moved the lifeline: at most that, as of its
 * arrival, so that a report in between stays as it is. Undefined where nothing did.
 *
 * @param movements Those of the facility, in the order of time.
 */
export function reversalOf(
  correction: Pick<LifelineMovement, 'stockId' | 'quantity' | 'at'>,
  lifeline: Lifeline | undefined,
  movements: readonly LifelineMovement[],
): MovedQuantity | undefined {
  const since = Number(correction.at) - CORRECTED_HOURS * HOUR_MS;
  const moved = movements.filter(
    ({ stockId, at }) =>
      stockId === correction.stockId &&
      Number(at) > since &&
      (!lifeline || at > lifeline.observedAt),
  );
  const last = moved.findLast(({ quantity }) => quantity > 0);
  const most = moved.reduce((sum, { quantity }) => sum + quantity, 0);
  if (!last || most <= 0) return undefined;
  // Behind the receipt in the order of time, in which both are applied to a report that was observed before and arrives later.
  return { quantity: Math.max(correction.quantity, -most), at: new Date(last.at.getTime() + 1) };
}

/** Returns when a movement arrived: at the latest when the report was observed that shows it. */
export function arrivalOf(lifeline: Lifeline | undefined, moved: MovedQuantity): Date {
  const { at } = moved;
  if (!lifeline || at <= lifeline.observedAt || !isShown(lifeline, moved)) return at;
  return lifeline.observedAt;
}

/**
 * Returns by how much a report stands above what was known before, as if none of the movements after it had come; 0 where what was known
 * before is of another rank, and so says nothing of this difference.
 */
export function unbookedRise(
  { stock, observedAt, method }: Pick<Lifeline, 'stock' | 'observedAt' | 'method'>,
  before: Lifeline | undefined,
  later: readonly MovedQuantity[],
): number {
  if (!before || stock === null || rankOf(before.method) !== rankOf(method)) return 0;
  const level = levelAt(before, observedAt);
  if (level === null || method === 'MODELLED') return 0;
  const hours = Math.max(0, Number(before.levelAt) - Number(observedAt)) / HOUR_MS;
  const drawn = before.supplied ? 0 : (before.load ?? 0) * hours;
  const moved = later.reduce((sum, { quantity }) => sum + quantity, 0);
  return Math.max(0, stock - Math.max(0, level + drawn - moved));
}

function isShown({ unbookedRise: rise, observedAt }: Lifeline, { quantity, at }: MovedQuantity) {
  const isSoon = Number(at) - Number(observedAt) <= SHOWN_HOURS * HOUR_MS;
  return quantity > 0 && isSoon && rise >= quantity * SHOWN_SHARE;
}

function stillExpected(lifeline: Lifeline, quantity: number) {
  const { deliveryQuantity, renewEveryHours } = lifeline;
  if (deliveryQuantity === null || renewEveryHours !== null) return {};
  const rest = deliveryQuantity - quantity;
  return rest > 0 ? { deliveryQuantity: rest } : { deliveryAt: null, deliveryQuantity: null };
}
