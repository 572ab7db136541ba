import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { projectPath } from '../../../../shared/root.js';
import { supplyWorld, type SupplyWorld } from '../../testing/supply-world.js';
import { importMedicines } from './import-medicines.js';

const SLICE = readFileSync(projectPath('subgraphs/supply/testing/lists/medicines.csv'), 'utf8');

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld({ hasFacilities: false });
});
afterAll(() => world.close());

const importText = (text: string) => importMedicines(world.pool, Buffer.from(text));
const count = async () =>
  (await world.pool.query<{ count: string }>('SELECT count(*) FROM item')).rows[0]!.count;

test('a list adds its medicines once, also from gzip, and says how many have no substance', async () => {
  const before = Number(await count());
  const first = await importMedicines(world.pool, gzipSync(SLICE));
  expect(first).toEqual({ listed: 19, changed: 16, withoutSubstance: 4, invalidNumbers: [] });
  expect(Number(await count())).toBe(before + 16);
  expect(await importText(SLICE)).toMatchObject({ listed: 19, changed: 0 });
  expect(await importText(SLICE.replaceAll('\n', '\r\n'))).toMatchObject({ changed: 0 });
});

test('a number with a wrong check digit is refused, and the rest is imported', async () => {
  const changed = SLICE.replace('00000655', '00000656').replace('Tablette,2350000048,Wein', 'x');
  expect(await importText(changed)).toMatchObject({ listed: 18, invalidNumbers: ['00000656'] });
});

test.each([
  ['a list that breaks off within a line', SLICE.slice(0, 400)],
  ['another table', 'name;kind\nDiesel;FUEL\n'],
  ['half a gzip', gzipSync(SLICE).subarray(0, 100)],
  [
    'text in another encoding',
    Buffer.from('pzn,darreichungsform,wirkstoffe\n1,Lösung,x\n', 'latin1'),
  ],
])('%s is refused in one sentence and changes nothing', async (_, file) => {
  const before = await count();
  const outcome = await importMedicines(world.pool, Buffer.from(file as string));
  expect(outcome).toEqual({ fault: expect.stringMatching(/^[^.].*\.$/) });
  expect(await count()).toBe(before);
});
