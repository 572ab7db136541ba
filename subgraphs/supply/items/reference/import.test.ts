import { openDatabase } from '../../database/database.js';
import { supplyWorld, type SupplyWorld } from '../../testing/supply-world.js';
import { importItems } from './import.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld({ hasFacilities: false });
});
afterAll(() => world.close());

test('the lists are imported once per edition, however many processes start', async () => {
  const database = openDatabase(world.databaseUrl);
  try {
    expect(await importItems(database)).toBe(false);
    await world.pool.query(`UPDATE item_edition SET digest = 'an older one'`);
    await world.pool.query(`UPDATE item SET name = 'outdated' WHERE pzn = '00194323'`);
    const outcomes = await Promise.all([importItems(database), importItems(database)]);
    expect(outcomes.sort()).toEqual([false, true]);
    const { rows } = await world.pool.query(`SELECT name FROM item WHERE pzn = '00194323'`);
    expect(rows).toEqual([{ name: 'Propofol 10 mg, Emulsion zur Injektion/Infusion' }]);
  } finally {
    await database.close();
  }
});
