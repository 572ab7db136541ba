import { DAY_MS, HOUR_MS } from '../../../../shared/time/rules.js';
import type { BatchState, StockState } from './movements.js';

/** The usable part of a batch shrinks each moment that passes; this often it is judged again. */
const JUDGED_EVERY_MS = HOUR_MS;

/** A part of a stock: with one batch number, or with none. */
export interface UsableBatch {
  quantity: number;
  /** Null for what never expires, as far as is known. */
  usableUntil: Date | null;
  isRecalled: boolean;
}

/** The part of some batches that can be used. */
export interface Usable {
  /** In the unit of the batches: neither recalled nor expired, nor what will expire before the average consumption reaches it. */
  quantity: number;
  /** When that may be another quantity, though nothing is booked; null for never. */
  judgedAgainAt: Date | null;
}

/** Returns what can be used of batches, of which the one that expires first is used first. */
export function usableOf(
  batches: readonly UsableBatch[],
  perDay: number | null,
  now: Date,
): Usable {
  const inOrder = batches
    .filter(({ quantity, usableUntil, isRecalled }) => {
      return quantity > 0 && !isRecalled && (usableUntil === null || usableUntil > now);
    })
    .sort((one, other) => expiryOf(one) - expiryOf(other));
  const first = inOrder[0] ? expiryOf(inOrder[0]) : Infinity;
  let used = 0;
  let all = 0;
  let shrinksFrom = Infinity;
  for (const batch of inOrder) {
    all += batch.quantity;
    if (perDay === null || perDay <= 0 || batch.usableUntil === null) {
      used += batch.quantity;
      continue;
    }
    const until = expiryOf(batch);
    const most = ((until - now.getTime()) / DAY_MS) * perDay;
    used = Math.min(used + batch.quantity, Math.max(used, most));
    shrinksFrom = Math.min(shrinksFrom, until - (all / perDay) * DAY_MS);
  }
  const next = Math.min(first, Math.max(now.getTime(), shrinksFrom) + JUDGED_EVERY_MS);
  return { quantity: used, judgedAgainAt: Number.isFinite(next) ? new Date(next) : null };
}

/** Returns for how many days batches last; null where no consumption is known. */
export function usableDays(
  batches: readonly UsableBatch[],
  perDay: number | null,
  now: Date,
): number | null {
  return perDay === null || perDay <= 0 ? null : usableOf(batches, perDay, now).quantity / perDay;
}

/** Judges again which part of a stock cannot be used. */
export function judgeUsable(stock: StockState, now: Date): void {
  const named = [...stock.batches].some(([batch, { quantity }]) => batch !== '' && quantity > 0);
  stock.judgedAgainAt = null;
  stock.unusable = 0;
  if (!named) return;
  const batches = [...stock.batches].map(([batch, state]) => ofBatch(stock, batch, state));
  const { quantity, judgedAgainAt } = usableOf(batches, stock.averageConsumption, now);
  stock.unusable = stock.quantity - Math.floor(quantity);
  stock.judgedAgainAt = judgedAgainAt;
}

function ofBatch(
  { recalled }: StockState,
  batch: string,
  { quantity, usableUntil }: BatchState,
): UsableBatch {
  return { quantity, usableUntil, isRecalled: recalled.has(batch) };
}

function expiryOf({ usableUntil }: UsableBatch): number {
  return usableUntil?.getTime() ?? Infinity;
}
