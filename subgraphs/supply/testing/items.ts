import type { SupplyWorld } from './supply-world.js';

/** Returns the id of the item of the catalogue whose name begins so. */
export async function itemNamed(world: SupplyWorld, name: string): Promise<string> {
  const { rows } = await world.pool.query<{ id: string }>(
    'SELECT id FROM item WHERE starts_with(name, $1) ORDER BY name LIMIT 1',
    [name],
  );
  if (!rows[0]) throw new Error(`No item begins with ${name}.`);
  return rows[0].id;
}
