import type { Market } from './market.js';
import { costOfLeaving, type Offer } from './options.js';

/** How many patients of a class take an option. */
export interface Share {
  /** Place in `Offer.classes`. */
  of: number;
  /** Place in its `options`. */
  option: number;
  count: number;
}

/** An assignment of classes to places. */
export type Flow = readonly Share[];

/** What a flow costs in weighted minutes, those left at the scene included. */
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
