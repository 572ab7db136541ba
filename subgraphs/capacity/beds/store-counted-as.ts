import type { ClientBase } from 'pg';
import type { BedCategory } from '../generated/graphql.js';
import { isOfShare } from './rules.js';

/** Beds that are reserved or held, in the category named when they were. */
export interface ClaimedBeds {
  facility: string;
  /** Null for what is no bed. */
  category: string | null;
}

const COUNTED_AS = `
SELECT i.facility_id AS facility, i.category::text,
  counted_as(i.category, s.replaced, s.stand_in, s.without_children)::text AS "countedAs"
FROM unnest($1::uuid[], $2::"BedCategory"[]) AS i (facility_id, category)
JOIN shares_of($1::uuid[], $3) s ON s.facility_id = i.facility_id
WHERE counted_as(i.category, s.replaced, s.stand_in, s.without_children) <> i.category`;

/**
 * Returns the category whose beds claimed ones occupy at an instant: undefined where it is the one named. It is another one where
 * a facility's own reports have replaced its modelled share of intensive care since, or the share has replaced them.
 */
export async function countedAs(
  db: ClientBase,
  claimed: readonly ClaimedBeds[],
  now: Date,
): Promise<(beds: ClaimedBeds) => BedCategory | undefined> {
  const concerned = claimed.filter(({ category }) => isOfShare(category));
  if (concerned.length === 0) return () => undefined;
  const { rows } = await db.query<ClaimedBeds & { countedAs: BedCategory }>({
    name: 'counted-as',
    text: COUNTED_AS,
    values: [
      concerned.map(({ facility }) => facility),
      concerned.map(({ category }) => category),
      now,
    ],
  });
  const other = new Map(rows.map((row) => [keyOf(row), row.countedAs]));
  return (beds) => other.get(keyOf(beds));
}

const keyOf = ({ facility, category }: ClaimedBeds) => `${facility} ${category}`;
