/** What a plan says of one patient: the house he was given, if any, and the nearest of the others. */
export interface Told {
  category: string;
  facility: string | null;
  minutes: number;
  rejected: readonly { facility: string; minutes: number; code: string }[];
}

/** A house could treat him and was not chosen for want of room, or for the sake of others. */
const SUITABLE = new Set([
  ...['NO_PLACE_LEFT', 'WAVE_SHARE_GIVEN', 'KEPT_FOR_WALK_INS', 'PLACES_GIVEN'],
  ...['SECOND_HELPING', 'AMBULATORY_FIRST', 'SLOWER_FOR_ALL', 'FARTHER'],
]);

/**
 * How many patients houses would get above what they take if everybody were driven to the nearest suitable house that the
 * plan names, as if each knew nothing of the others. Houses whose limit is not known count for nothing, so it is no less.
 */
export function patientsAboveLimits(
  told: readonly Told[],
  limits: ReadonlyMap<string, number>,
): number {
  const given = new Map<string, number>();
  for (const { category, facility, minutes, rejected } of told) {
    const suitable = rejected.filter(({ code }) => SUITABLE.has(code));
    const all = facility === null ? suitable : [...suitable, { facility, minutes }];
    const [first, ...others] = all;
    if (!first) continue;
    const nearest = others.reduce((best, one) => (one.minutes < best.minutes ? one : best), first);
    const key = `${nearest.facility} ${category}`;
    given.set(key, (given.get(key) ?? 0) + 1);
  }
  return [...given].reduce(
    (sum, [key, count]) => sum + Math.max(0, count - (limits.get(key) ?? Infinity)),
    0,
  );
}
