import type { Market } from './market.js';
import { costOfLeaving, type Offer } from './options.js';

/** How many patients of a class take an option. */
export interface Share {
  /** Index in `Offer.classes`. */
  of: number;
  /** Index in `ClassOptions.options`. */
  option: number;
  count: number;
}

/** An assignment of classes to slots. */
export type Flow = readonly Share[];

/** Returns the cost of a flow in weighted minutes, patients left at the scene included. */
export function costOf(flow: Flow, offer: Offer, market: Market): number {
  const all = offer.classes.reduce(
    (sum, { of }) => sum + of.patients.length * costOfLeaving(of, market),
    0,
  );
  return flow.reduce((sum, { of, option, count }) => {
    const { of: patients, options } = offer.classes[of]!;
    return sum + count * (options[option]!.cost - costOfLeaving(patients, market));
  }, all);
}
