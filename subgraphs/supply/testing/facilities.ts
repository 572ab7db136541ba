import type { SupplyWorld } from './supply-world.js';

/** Ids of facilities of an area in the directory of supply, always in the same order; all of them, unless a number is given. */
export async function facilitiesIn(
  world: SupplyWorld,
  area: string,
  count?: number,
): Promise<string[]> {
  const { rows } = await world.pool.query<{ id: string }>(
    'SELECT id FROM facility WHERE starts_with(area, $1) ORDER BY site_number LIMIT $2',
    [area, count],
  );
  return rows.map(({ id }) => id);
}
