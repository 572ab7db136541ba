/**
 * How many facilities contribute at least to a need that is shown, the largest share of it that one of them may have, and how much all but the
 * two largest contribute at least, as a share of the largest: so that nobody learns of a sum what a single facility has, not even the
 * second largest, who subtracts its own. These are the minimum frequency, the dominance and the p-percent rule of official statistics
 * (Handbook on Statistical Disclosure Control, version 1.2, chapter 4; p is ours).
 */
export const FEWEST_CONTRIBUTORS = 3;
export const LARGEST_SHARE = 0.8;
export const LEAST_REST = 0.2;

/** The lower bounds of the classes in which contributors are counted, the highest first. */
const CLASSES = [11, 6, FEWEST_CONTRIBUTORS];

/** Returns a sum as it is shown: rounded up to two significant digits, so that no difference of two readings is exact. */
export function shownSum(sum: number): number {
  const unit = 10 ** (Math.floor(Math.log10(sum)) - 1);
  const units = Math.ceil(Number((sum / unit).toPrecision(12)));
  return Number((units * unit).toPrecision(3));
}

/** Returns the least that a number of contributors can be in its class: 3 to 5, 6 to 10, or more. */
export function shownCount(contributors: number): number {
  return CLASSES.find((least) => contributors >= least)!;
}
