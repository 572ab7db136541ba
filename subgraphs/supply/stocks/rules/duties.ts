import { daysOfCover } from './demand.js';
import type { StockState } from './movements.js';

/** A rule of the law, or of an authority, on how much is kept in stock; from `data/stock-duties`. */
export interface DutyRule {
  id: string;
  /** Kinds of organisations, or FACILITY for the pharmacy that supplies a facility. */
  holders: readonly string[];
  itemKind: string;
  /** Beginnings of the names of the active substances that it is about; null for all items of the kind. */
  substances: readonly string[] | null;
  requiredDays: number;
  source: string;
  /** Days of the calendar, YYYY-MM-DD; `until` is the first day on which it is no longer in force. */
  from: string;
  until: string | null;
}

/** Returns the duties that are in force on the day of an instant. */
export function dutiesInForce(duties: readonly DutyRule[], now: Date): DutyRule[] {
  const day = now.toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
  return duties.filter(({ from, until }) => from <= day && (until === null || day < until));
}

/**
 * Returns whether a stock lasts shorter than the duty that applies requires. A model notifies nobody: what is below its duty by a modelled
 * number is shown, and is none here.
 */
export function isBelowDuty(stock: StockState): boolean {
  const { quantity, unusable, averageConsumption, requiredDays } = stock;
  if (stock.modelled || stock.consumptionModelled) return false;
  const days = daysOfCover(quantity - unusable, averageConsumption);
  return days !== null && requiredDays !== null && days < requiredDays;
}
