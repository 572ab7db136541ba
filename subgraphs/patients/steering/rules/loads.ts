import { STEERED } from './input.js';
import type { Market } from './market.js';
import type { Seat } from './options.js';
import type { Load } from './plan.js';
import { intakeOf } from './suitability.js';

/** What every house is given, by category, against its limits. */
export function loadsOf(market: Market, seats: readonly Seat[], left: readonly number[]): Load[] {
  const given = market.houses.map(() => ({ SK_I: 0, SK_II: 0, SK_III: 0 }));
  for (const [index, { house, category, places }] of seats.entries()) {
    given[house]![category] += places - left[index]!;
  }
  return market.houses.flatMap(({ house }, index) =>
    STEERED.flatMap((category) => {
      const assigned = given[index]![category];
      const { allowed, free } = market.limits[index]![category];
      if (assigned === 0) return [];
      const { method } = intakeOf(house, category)!;
      return [{ facility: house.id, category, assigned, allowed, limit: free, method }];
    }),
  );
}
