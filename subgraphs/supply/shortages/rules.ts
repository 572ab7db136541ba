/**
 * How many facilities contribute at least to a need that is shown, and the largest share of it that one of them may have, so that a
 * supplier who reads a sum learns nothing of a single facility. These are the usual two rules of official statistics: a minimum of
 * three respondents (minimum frequency), and none that dominates the sum (dominance).
 */
export const FEWEST_CONTRIBUTORS = 3;
export const LARGEST_SHARE = 0.8;
