/** The most that one booking states, in the item's unit. */
export const MOST_QUANTITY = 1_000_000_000;
/** Above this nothing can be stored, in thousandths. */
export const MOST_STORED = 99_999_999_999_999;

/** A quantity in thousandths of the item's unit: whole numbers, so that sums of many bookings are exact. */
export type Thousandths = number;

export function thousandths(quantity: number): Thousandths {
  return Math.round(quantity * 1000);
}

export function quantityOf(value: Thousandths): number {
  return value / 1000;
}

/** Returns whether a number is a quantity that a client may state: finite, in bounds, with at most three digits after the point. */
export function isQuantity(value: number, { signed = false } = {}): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > MOST_QUANTITY) return false;
  if (value < 0 && !signed) return false;
  // A number of three decimals differs from the nearest thousandth by no more than the rounding of a double.
  return Math.abs(value * 1000 - thousandths(value)) <= 1e-6 * Math.max(1, Math.abs(value));
}

/** Returns for how many days a quantity lasts; null where no consumption is known. */
export function daysOfCover(quantity: number, perDay: number | null): number | null {
  return perDay === null || perDay <= 0 ? null : quantity / perDay;
}
