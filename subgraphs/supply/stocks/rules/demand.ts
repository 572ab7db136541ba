import { DAY_MS } from '../../../../shared/time/rules.js';

/** Current demand is what was issued in this number of days: long enough for a weekend, short enough for a run on an item. */
export const CURRENT_DEMAND_DAYS = 7;
/** A stock that began a moment ago says nothing of a whole day. */
const FEWEST_DAYS = 1;

/** Returns the consumption of a day now, of what was issued in the last days from a stock; null when nothing was. */
export function currentConsumption(issued: number, begunAt: Date, now: Date): number | null {
  if (issued <= 0) return null;
  const age = (now.getTime() - begunAt.getTime()) / DAY_MS;
  return issued / Math.min(CURRENT_DEMAND_DAYS, Math.max(FEWEST_DAYS, age));
}

/** Returns for how many days a quantity lasts; null where no consumption is known. */
export function daysOfCover(quantity: number, perDay: number | null): number | null {
  return perDay === null || perDay <= 0 ? null : quantity / perDay;
}
