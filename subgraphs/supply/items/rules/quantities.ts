/**
 * Quantities have at most three digits after the point, and numbers of the language none that are exact: every sum is rounded to
 * thousandths, which all sums below 10^11 hold exactly.
 */
const PER_UNIT = 1_000;
const LARGEST = 99_999_999_999;

/** Returns the sum of quantities, exact to the thousandth. */
export function sumOf(...quantities: readonly number[]): number {
  return quantities.reduce(
    (sum, quantity) => Math.round((sum + quantity) * PER_UNIT) / PER_UNIT,
    0,
  );
}

/** Returns what is wrong with a quantity to be moved or requested, as a sentence for the caller; undefined when nothing is. */
export function positiveFault(field: string, quantity: number): string | undefined {
  if (quantity > 0) return quantityFault(field, quantity);
  return `${field} is greater than 0; received ${quantity}.`;
}

/** Returns what is wrong with a quantity that may be 0, as a sentence for the caller; undefined when nothing is. */
export function quantityFault(field: string, quantity: number): string | undefined {
  if (quantity >= 0 && quantity <= LARGEST && sumOf(quantity) === quantity) return undefined;
  return `${field} lies between 0 and ${LARGEST} and has at most three digits after the point; received ${quantity}.`;
}
