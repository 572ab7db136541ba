import { STEERED } from './input.js';
import type { Market } from './market.js';
import type { SlotGroup } from './options.js';
import type { Load } from './plan.js';
import { intakeOf } from './suitability.js';

/** Returns the patients that each facility is given, by category, beside its limits. */
export function loadsOf(
  market: Market,
  groups: readonly SlotGroup[],
  left: readonly number[],
): Load[] {
  const given = market.facilities.map(() => ({ SK_I: 0, SK_II: 0, SK_III: 0 }));
  for (const [index, { facility, category, slots }] of groups.entries()) {
    given[facility]![category] += slots - left[index]!;
  }
  return market.facilities.flatMap(({ facility }, index) =>
    STEERED.flatMap((category) => {
      const assigned = given[index]![category];
      const { allowed, free } = market.limits[index]![category];
      if (assigned === 0) return [];
      const { method } = intakeOf(facility, category)!;
      return [{ facility: facility.id, category, assigned, allowed, limit: free, method }];
    }),
  );
}
