import { facilitiesIn } from '../testing/facilities.js';
import { fuel, listLifelines, report, reportAll } from '../testing/lifelines.js';
import { supplyWorld, type SupplyWorld } from '../testing/supply-world.js';

let world: SupplyWorld;

beforeAll(async () => {
  world = await supplyWorld();
});
afterAll(() => world.close());

test('the list has the first to fail first, page by page, and those without an hour last', async () => {
  const [a, b, c] = await facilitiesIn(world, '14', 3);
  await report(world, fuel(world, a!, { stock: 900 }));
  await report(world, fuel(world, b!, { stock: 300 }));
  await report(world, fuel(world, c!, { supplied: true }));
  await report(world, fuel(world, c!, { kind: 'WATER', unit: 'CUBIC_METRE', stock: 600 }));
  const whole = await listLifelines(world, { area: '14' });
  expect(whole.nodes.map((one: any) => [one.facility.id, one.hoursRemaining])).toEqual([
    [b, 3],
    [c, 6],
    [a, 9],
    [c, null],
  ]);
  const pages = [];
  for (let after: string | undefined, more = true; more;) {
    const { nodes, pageInfo } = await listLifelines(world, { area: '14' }, undefined, {
      first: 1,
      after,
    });
    pages.push(...nodes);
    [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
  }
  expect(pages).toEqual(whole.nodes);
  expect((await listLifelines(world, { area: '14', below: 9 })).nodes).toHaveLength(2);
  expect((await listLifelines(world, { area: '14', kind: 'WATER' })).nodes).toHaveLength(1);
});

test('the list is filtered by status and method, those that failed first and those that last at the end', async () => {
  const some = await facilitiesIn(world, '05', 7);
  const [off, dark, unknown, empty, soon, unlimited, imported] = some;
  const water = { kind: 'WATER', unit: 'CUBIC_METRE' };
  const none = { stock: null, load: null, unit: null };
  await reportAll(world, [
    fuel(world, unlimited!, { ...water, load: 0, supplied: false }),
    fuel(world, imported!, { ...water, method: 'IMPORTED', stock: 1_000, load: 100 }),
    fuel(world, soon!, { ...water, stock: 300 }),
    fuel(world, empty!, { ...water, stock: 0 }),
    fuel(world, unknown!, {
      ...none,
      kind: 'RADIO',
      supplied: false,
      observedAt: world.inMinutes(-1),
    }),
    fuel(world, dark!, {
      ...none,
      kind: 'MAINS_POWER',
      supplied: false,
      observedAt: world.inMinutes(-2),
    }),
    fuel(world, off!, {
      ...none,
      kind: 'MAINS_POWER',
      supplied: false,
      observedAt: world.inMinutes(-3),
    }),
  ]);
  const who = { role: 'hospital', facilities: some };
  const listed = async (filter: object, page: object = {}) =>
    (await listLifelines(world, filter, who, page)).nodes.map((one: any) =>
      some.indexOf(one.facility.id),
    );
  expect(await listed({})).toEqual([0, 1, 2, 3, 4, 6, 5]);
  expect(await listed({ statuses: ['FAILED'] })).toEqual([0, 1, 3]);
  expect(await listed({ statuses: ['FAILED'], kind: 'MAINS_POWER' })).toEqual([0, 1]);
  expect(await listed({ statuses: ['UNKNOWN', 'CRITICAL'] })).toEqual([2, 4]);
  expect(await listed({ statuses: ['LOW', 'SUFFICIENT'] })).toEqual([6, 5]);
  expect(await listed({ methods: ['IMPORTED'] })).toEqual([6]);
  expect(await listed({ below: 5 })).toEqual([3, 4]);
  const { pageInfo } = await listLifelines(world, {}, who, { first: 3 });
  expect(await listed({}, { after: pageInfo.endCursor })).toEqual([3, 4, 6, 5]);
});
