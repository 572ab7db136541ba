/**
 * Quantities of items, in the item's unit: decimals of at most three digits after the point. Sums are computed in thousandths, which
 * are whole numbers, because most decimals are not exact in binary; thousandths up to 10^14 are.
 */
const PER_UNIT = 1_000;
/** The largest quantity that a client may state; the columns hold no larger one. */
const LARGEST_QUANTITY = 99_999_999_999;
/** The rounding of a decimal in binary and of a few sums, relative to the number. */
const ROUNDING = 8 * Number.EPSILON;

/** A quantity in thousandths of the item's unit. */
export type Thousandths = number;

/** The most that a stock holds. */
export const MOST_STORED: Thousandths = LARGEST_QUANTITY * PER_UNIT + 999;

export function thousandths(quantity: number): Thousandths {
  return Math.round(quantity * PER_UNIT);
}

export function quantityOf(value: Thousandths): number {
  return value / PER_UNIT;
}

/** Returns the sum of quantities, exact to the thousandth. */
export function sumOf(...quantities: readonly number[]): number {
  return quantityOf(quantities.reduce((sum, quantity) => sum + thousandths(quantity), 0));
}

/** Returns whether a number is a quantity that a client may state: finite, in bounds, with at most three digits after the point. */
export function isQuantity(
  value: number,
  { largest = LARGEST_QUANTITY, signed = false } = {},
): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > largest) return false;
  if (value < 0 && !signed) return false;
  const exact = value * PER_UNIT;
  return Math.abs(exact - Math.round(exact)) <= ROUNDING * Math.abs(exact);
}

/** Returns what is wrong with a quantity to be moved or requested, as a sentence for the caller; undefined when nothing is. */
export function positiveFault(field: string, quantity: number): string | undefined {
  if (quantity > 0) return quantityFault(field, quantity);
  return `${field} is greater than 0; received ${quantity}.`;
}

/** Returns what is wrong with a quantity that may be 0, as a sentence for the caller; undefined when nothing is. */
export function quantityFault(field: string, quantity: number): string | undefined {
  if (isQuantity(quantity)) return undefined;
  return `${field} lies between 0 and ${LARGEST_QUANTITY} and has at most three digits after the point; received ${quantity}.`;
}
