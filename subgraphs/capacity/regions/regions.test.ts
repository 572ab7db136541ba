import { heavyReadSlots } from '../../../shared/database/heavy-read-slots.js';
import { DAY_MINUTES } from '../../../shared/time/rules.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { facilitiesOf, report, sendAll } from '../testing/reports.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

const region = async (code: string, category = 'ICU_UNSPECIFIED') => {
  const { data } = await world.request(
    `query ($code: String!, $category: BedCategory) { region(code: $code) {
      code name level population beds(category: $category) {
        operable occupied free facilities reporting stale statuses { status facilities } } } }`,
    { code, category },
  );
  return data.region;
};

test.each([
  ['COUNTRY', 1],
  ['KLEEBLATT', 5],
  ['LAND', 16],
  ['KREIS', 401],
])('there are the %s regions of Germany: %i', async (level, count) => {
  const { data } = await world.request(
    `query ($level: RegionLevel!) { regions(level: $level) { code population } }`,
    { level },
  );
  expect(data.regions).toHaveLength(count);
  const inhabitants = data.regions.reduce(
    (sum: number, { population }: { population: number }) => sum + population,
    0,
  );
  expect(inhabitants).toBe((await region('DE')).population);
});

test.each([
  ['DE', 'Deutschland', 'COUNTRY'],
  ['SUEDWEST', 'Kleeblatt Südwest', 'KLEEBLATT'],
  ['05', 'Nordrhein-Westfalen', 'LAND'],
  ['053', 'Köln', 'REGIERUNGSBEZIRK'],
  ['05315', 'Köln, Stadt', 'KREIS'],
])('%s is %s, a %s', async (code, name, level) => {
  expect(await region(code)).toMatchObject({ code, name, level });
});

test('a code that no region has is null', async () => {
  expect(await region('99')).toBeNull();
  expect(await region('nowhere')).toBeNull();
});

test('where nobody has the category there is no sum, and not 0 beds', async () => {
  expect((await region('10')).beds).toEqual([
    {
      operable: null,
      occupied: null,
      free: null,
      facilities: 0,
      reporting: 0,
      stale: 0,
      statuses: expect.arrayContaining([{ status: 'NOT_REPORTED', facilities: 0 }]),
    },
  ]);
});

test('a sum says of how many it is one: who has the category, who gives numbers, whose are stale', async () => {
  const [a, b, c, d] = await facilitiesOf(world, '05315', 4);
  await sendAll(world, [report(world, a!, { operable: 10, occupied: 4 })]);
  world.later(DAY_MINUTES); // a is stale now
  await sendAll(world, [
    report(world, b!, { operable: 4, occupied: 9, status: 'LIMITED' }), // overloaded: 0 free, not -5
    report(world, c!, { operable: null, occupied: null, status: 'UNAVAILABLE' }),
    report(world, d!, { operable: 8, occupied: 8, status: 'NOT_REPORTED' }),
  ]);
  const sum = {
    operable: 22,
    occupied: 21,
    free: 6,
    facilities: 4,
    reporting: 3,
    stale: 1,
    statuses: [
      { status: 'AVAILABLE', facilities: 1 },
      { status: 'LIMITED', facilities: 1 },
      { status: 'UNAVAILABLE', facilities: 1 },
      { status: 'NOT_REPORTED', facilities: 1 },
    ],
  };
  for (const code of ['05315', '053', '05', 'WEST', 'DE'])
    expect((await region(code)).beds).toEqual([sum]);
  expect((await region('09')).beds).toMatchObject([{ facilities: 0 }]);
});

test('a facility counts once per category, by the report in force', async () => {
  const [facility] = await facilitiesOf(world, '02000');
  await sendAll(world, [
    report(world, facility!, { operable: 10, occupied: 1 }),
    report(world, facility!, { operable: 99, occupied: 1, method: 'MODELLED', source: 'register' }),
  ]);
  expect((await region('02000')).beds).toMatchObject([{ operable: 10, facilities: 1 }]);
});

test('another subgraph gets a region by its code', async () => {
  const { data } = await world.request(
    `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Region { name } } }`,
    { refs: [{ __typename: 'Region', code: '05' }] },
  );
  expect(data._entities).toEqual([{ name: 'Nordrhein-Westfalen' }]);
});

test('sums over all Kreise wait for a slot of heavy reads, and sums over a Land do not', async () => {
  const sumsOf = (level: string) => world.request(`{ regions(level: ${level}) { beds { free } } }`);
  const end = await heavyReadSlots.acquire();
  let isOver = false;
  const sums = sumsOf('KREIS').then((response) => {
    isOver = true;
    return response;
  });
  expect((await sumsOf('LAND')).data.regions).toHaveLength(16);
  expect(isOver).toBe(false);
  end();
  expect((await sums).data.regions).toHaveLength(401);
});
