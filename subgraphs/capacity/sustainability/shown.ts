import type { SustainableBeds } from '../generated/prisma/client.js';

/** A limit of beds in one facility that nobody overrides. */
export interface Limit extends Pick<
  SustainableBeds,
  | 'facilityId'
  | 'category'
  | 'cause'
  | 'modelled'
  | 'source'
  | 'observedAt'
  | 'method'
  | 'fromAt'
  | 'until'
> {
  beds: number;
  /** AGS of the facility's Kreis. */
  area: string;
  /** Whether it has come, or is so near that nobody is sent there. */
  isNear: boolean;
}

const ICU_LEVELS: ReadonlySet<string> = new Set(['ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO']);

/**
 * The limit that is shown of beds of a category. The least of those that everyone may know; without one the first to come, to
 * those who may know the hour; and a modelled one, which limits nothing, only where there is no other.
 */
export function shownLimit(
  limits: readonly Limit[],
  category: string,
  seesHours: boolean,
): Limit | undefined {
  const concerned = limits.filter(
    (limit) =>
      limit.category === category ||
      (limit.category === 'ICU_UNSPECIFIED' && ICU_LEVELS.has(category)),
  );
  const near = concerned.filter(({ isNear }) => isNear);
  if (near.length > 0) return first(near, (a, b) => a.beds - b.beds || +a.fromAt - +b.fromAt);
  if (!seesHours) return undefined;
  const ahead = concerned.filter(({ modelled }) => !modelled);
  return first(ahead.length > 0 ? ahead : concerned, (a, b) => +a.fromAt - +b.fromAt);
}

function first<Item>(items: readonly Item[], compare: (a: Item, b: Item) => number) {
  return [...items].sort(compare)[0];
}
