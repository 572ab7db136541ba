import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { close, searchFacilities, searchRaw } from '../testing/facility-search.js';
import { report, sendAll } from '../testing/reports.js';

let world: CapacityWorld;
let hospitals: string[];
beforeAll(async () => {
  world = await capacityWorld();
  const { rows } = await world.pool.query(
    `SELECT id FROM facility WHERE kind IN ('HOSPITAL', 'BUNDESWEHR_HOSPITAL') AND area LIKE '11%' ORDER BY created_at, id`,
  );
  hospitals = rows.map(({ id }) => id);
  // Every other one has beds.
  const reports = hospitals.filter((_, n) => n % 2).map((facility) => report(world, facility));
  await sendAll(world, reports);
});
afterAll(() => world.close());

const BERLIN = { area: '11', categories: ['ICU_UNSPECIFIED'] };
const near = { latitude: 52.52, longitude: 13.4, km: 25 };
const idsOf = (nodes: any[]): string[] => nodes.map(({ facility }) => facility.id);

/** Every usable facility, page by page; `between` happens after each page. */
async function inPages(filter: object, between: () => unknown = () => undefined) {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const { nodes, pageInfo }: any = await searchFacilities(world, filter, { first: 7, after });
    found.push(...idsOf(nodes));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    await between();
  } while (after !== null);
  return found;
}

test.each([
  ['by the age of their records', BERLIN],
  ['by distance', { ...BERLIN, near }],
])('%s the pages together are the whole list, each facility once', async (_, filter) => {
  const { nodes, totalCount, leftOut } = await searchFacilities(world, filter, { first: 500 });
  expect(nodes).toHaveLength(totalCount);
  expect(totalCount).toBeGreaterThan(14);
  expect(await inPages(filter)).toEqual(idsOf(nodes));
  const all = [...idsOf(nodes), ...idsOf(leftOut.nodes)];
  expect(new Set(all).size).toBe(all.length);
  expect(hospitals).toEqual(expect.arrayContaining(all));
});

test('near gives the closest first, within the distance, and how far they are', async () => {
  const { nodes, leftOut } = await searchFacilities(world, { ...BERLIN, near }, { first: 500 });
  for (const list of [nodes, leftOut.nodes]) {
    const distances = list.map(({ kilometres }: any) => kilometres);
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
    expect(distances.at(-1)).toBeLessThanOrEqual(near.km);
  }
});

test('facilities that are left out have pages of their own', async () => {
  const whole = await searchFacilities(world, BERLIN);
  const first = await searchFacilities(world, BERLIN, { leftOut: 3 });
  expect(first.leftOut).toMatchObject({
    totalCount: whole.leftOut.totalCount,
    pageInfo: { hasNextPage: true, hasPreviousPage: false },
  });
  const next = await searchFacilities(world, BERLIN, {
    leftOut: 500,
    afterLeftOut: first.leftOut.pageInfo.endCursor,
  });
  expect(next.leftOut.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const together = [...idsOf(first.leftOut.nodes), ...idsOf(next.leftOut.nodes)];
  expect(together).toEqual(idsOf(whole.leftOut.nodes));
});

test('a facility that closes between two pages is in no later one, and nobody is there twice', async () => {
  const before = await inPages(BERLIN);
  const leaving = [before[0]!, before[6]!, before.at(-1)!];
  const found = await inPages(BERLIN, async () => {
    const facility = leaving.pop();
    if (facility !== undefined) await close(world, facility);
  });
  expect(new Set(found).size).toBe(found.length);
  expect(found).toEqual(before.slice(0, -1));
});

test('a page behind the end is empty', async () => {
  const { pageInfo } = await searchFacilities(world, BERLIN, { first: 500 });
  const { nodes, pageInfo: last } = await searchFacilities(world, BERLIN, {
    after: pageInfo.endCursor,
  });
  expect([nodes, last.hasNextPage, last.endCursor]).toEqual([[], false, null]);
});

test.each([
  ['a page above 500', {}, { first: 501 }, 'TOO_MUCH', '500'],
  ['a page of no length', {}, { first: 0 }, 'BAD_USER_INPUT', 'first'],
  ['a page of those left out above 500', {}, { leftOut: 501 }, 'TOO_MUCH', '500'],
  ['a page of those left out of no length', {}, { leftOut: 0 }, 'BAD_USER_INPUT', 'first'],
  ['an area that is none', { area: 'NRW' }, {}, 'BAD_USER_INPUT', 'area'],
  ['a point off the globe', { near: { ...near, latitude: 91 } }, {}, 'BAD_USER_INPUT', 'latitude'],
  ['a circle of no size', { near: { ...near, km: 0 } }, {}, 'BAD_USER_INPUT', 'km'],
  ['the dead', { intake: ['SK_I', 'EX'] }, {}, 'BAD_USER_INPUT', 'EX'],
  ['a cursor that is none', {}, { after: 'tomorrow' }, 'BAD_USER_INPUT', 'after'],
  ['the same for those left out', {}, { afterLeftOut: 'tomorrow' }, 'BAD_USER_INPUT', 'after'],
])('%s is refused, and the message says what was expected', async (_, filter, page, code, word) => {
  const { errors } = await searchRaw(world, filter, page);
  expect(errors).toMatchObject([{ extensions: { code } }]);
  expect(errors![0]!.message).toContain(word);
});

test('a cursor of another order is refused', async () => {
  const { pageInfo } = await searchFacilities(world, BERLIN, { first: 1 });
  const { errors } = await searchRaw(world, { ...BERLIN, near }, { after: pageInfo.endCursor });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('every role but partner may ask, for all of Germany', async () => {
  const requests = (role: string) => searchRaw(world, {}, { first: 1 }, { role, areas: ['05'] });
  expect((await requests('partner')).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  for (const role of ['hospital', 'dispatch', 'supplier', 'family-information']) {
    expect((await requests(role)).data.places.totalCount).toBeGreaterThan(1_000);
  }
});
