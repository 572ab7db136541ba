/** The entry of a plan for one patient: the assigned facility, if any, and the nearest rejected ones. */
export interface PlanEntry {
  category: string;
  facility: string | null;
  minutes: number;
  rejected: readonly { facility: string; minutes: number; code: string }[];
}

/** Codes of suitable facilities that were rejected for lack of capacity, or in favour of other patients. */
const SUITABLE = new Set([
  'NO_PLACE_LEFT',
  'WAVE_SHARE_GIVEN',
  'KEPT_FOR_WALK_INS',
  'PLACES_GIVEN',
  'SECOND_HELPING',
  'AMBULATORY_FIRST',
  'SLOWER_FOR_ALL',
  'FARTHER',
]);

/**
 * Returns the patients above the limits of facilities if every patient went to the nearest suitable facility that the plan
 * names. A facility with an unknown limit has no overload, so the result is a lower bound.
 */
export function patientsAboveLimits(
  entries: readonly PlanEntry[],
  limits: ReadonlyMap<string, number>,
): number {
  const patients = new Map<string, number>();
  for (const { category, facility, minutes, rejected } of entries) {
    const suitable = rejected.filter(({ code }) => SUITABLE.has(code));
    const all = facility === null ? suitable : [...suitable, { facility, minutes }];
    const [first, ...others] = all;
    if (!first) continue;
    const nearest = others.reduce((best, one) => (one.minutes < best.minutes ? one : best), first);
    const key = `${nearest.facility} ${category}`;
    patients.set(key, (patients.get(key) ?? 0) + 1);
  }
  return [...patients].reduce(
    (sum, [key, count]) => sum + Math.max(0, count - (limits.get(key) ?? Infinity)),
    0,
  );
}
