import type { Pool } from 'pg';

/** A list of the things of so few holders is read holder by holder; one of more in its own order, until the page is full. */
const FEW = 200;

/** Holders that a caller means and sees: those with these ids, and those in areas (AGS prefixes). */
export interface MeantHolders {
  /** AGS prefix that they are in; null for any. */
  area: string | null;
  ids: readonly string[];
  facilityAreas: readonly string[];
  organisationAreas: readonly string[];
}

const HOLDERS = `
SELECT f.id FROM facility f
WHERE ($1::text IS NULL OR f.area LIKE $1) AND (f.id = ANY ($2::uuid[]) OR f.area LIKE ANY ($3::text[]))
UNION ALL
SELECT o.id FROM organisation o
WHERE ($1::text IS NULL OR o.area LIKE $1) AND (o.id = ANY ($2::uuid[]) OR o.area LIKE ANY ($4::text[]))
LIMIT $5`;

/**
 * Returns the ids of the facilities and organisations that are meant; null where they are more than a few. Given to the statement of a
 * list, they let it begin with the holders: in the order of the list it would read that of all Germany to find those of a Kreis.
 */
export async function fewHolders(
  pool: Pool,
  { area, ids, facilityAreas, organisationAreas }: MeantHolders,
): Promise<string[] | null> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'few-holders',
    text: HOLDERS,
    values: [
      area === null ? null : beginning(area),
      ids,
      facilityAreas.map(beginning),
      organisationAreas.map(beginning),
      FEW + 1,
    ],
  });
  return rows.length > FEW ? null : rows.map(({ id }) => id);
}

/** The pattern of LIKE for what begins with an AGS prefix. */
export function beginning(area: string): string {
  return `${area}%`;
}
