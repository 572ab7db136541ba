import { DAY_MINUTES } from '../../../shared/time/rules.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { facilitiesOf, report, send } from '../testing/reports.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

interface Page {
  totalCount: number;
  edges: { cursor: string; node: { id: string; area: string; siteNumber: string | null } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const list = (variables: object) =>
  world.request(
    `query ($filter: FacilityFilter, $first: Int, $after: String) {
      facilities(filter: $filter, first: $first, after: $after) {
        totalCount edges { cursor node { id area siteNumber } } pageInfo { hasNextPage endCursor } } }`,
    variables,
  );
const page = async (variables: object): Promise<Page> => (await list(variables)).data.facilities;

/** Every facility of a filter, page by page. */
async function all(filter: object, first = 500) {
  const found: Page['edges'] = [];
  let after: string | null = null;
  do {
    const { edges, pageInfo }: Page = await page({ filter, first, after });
    found.push(...edges);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return found.map(({ node }) => node);
}

test('all 2,701 sites and the one placeholder are there, each once, page by page', async () => {
  const found = await all({});
  expect(found).toHaveLength(2_702);
  expect(new Set(found.map(({ id }) => id)).size).toBe(2_702);
  const numbers = found.flatMap(({ siteNumber }) => siteNumber ?? []);
  expect(new Set(numbers).size).toBe(2_701);
});

test('a page without a length has 50 entries, and says how many there are in all', async () => {
  const { edges, totalCount, pageInfo } = await page({});
  expect(edges).toHaveLength(50);
  expect(totalCount).toBe(2_702);
  expect(pageInfo.hasNextPage).toBe(true);
});

test('a facility is found by its id, an unknown id is null', async () => {
  const [id] = await facilitiesOf(world, '05315');
  const { data } = await world.request(
    `query ($id: ID!) { known: facility(id: $id) { id area kleeblatt } unknown: facility(id: "nobody") { id } }`,
    { id },
  );
  expect(data).toEqual({ known: { id, area: '05315', kleeblatt: 'WEST' }, unknown: null });
});

test.each([
  ['05', (area: string) => area.startsWith('05')],
  ['053', (area: string) => area.startsWith('053')],
  ['05315', (area: string) => area === '05315'],
])('area %s gives what lies in it', async (area, isWithin) => {
  const found = await all({ area });
  expect(found.length).toBeGreaterThan(0);
  expect(found.every((facility) => isWithin(facility.area))).toBe(true);
});

test('Borkum and Helgoland lie in their Kreise', async () => {
  const numbers = async (area: string) => (await all({ area })).map(({ siteNumber }) => siteNumber);
  expect(await numbers('03457')).toContain('772024');
  expect(await numbers('01056')).toContain('772807');
});

test.each([
  ['Berlin-Buch', '11000', '773608'],
  ['the north of Hamburg', '02000', '773271'],
  ['Bremerhaven', '04012', '771101'],
])(
  'the sites in %s lie in their own Land, whatever the simplified border says',
  async (_, area, number) => {
    expect((await all({ area })).map(({ siteNumber }) => siteNumber)).toContain(number);
  },
);

test('near gives the closest first, within the distance, over pages', async () => {
  const near = { latitude: 50.94, longitude: 6.96, km: 20 };
  const inPages = await all({ near }, 7);
  const atOnce = await all({ near });
  expect(inPages).toEqual(atOnce);
  expect(atOnce.length).toBeGreaterThan(20);
  expect(atOnce[0]!.area).toBe('05315');
});

test('kinds and capabilities narrow; a capability nobody declared is found nowhere', async () => {
  expect(await all({ kinds: ['PLACEHOLDER'] })).toMatchObject([{ area: '03401' }]);
  expect((await all({ kinds: ['BUNDESWEHR_HOSPITAL'] })).length).toBe(5);
  expect((await all({ capabilities: ['HELIPAD'] })).length).toBeGreaterThan(300);
  expect(await all({ capabilities: ['HELIPAD', 'NEUROSURGERY'] })).toEqual([]);
});

test('category finds who reported it, minFree only who has that many free and fresh', async () => {
  const [a, b] = await facilitiesOf(world, '14', 2);
  await send(world, report(world, a!, { category: 'BURN', operable: 3, occupied: 1 }));
  await send(world, report(world, b!, { category: 'BURN', operable: 3, occupied: 3 }));
  const ids = async (filter: object) => (await all(filter)).map(({ id }) => id).sort();
  expect(await ids({ category: 'BURN' })).toEqual([a, b].sort());
  expect(await ids({ category: 'BURN', minFree: 2 })).toEqual([a]);
  expect(await ids({ minFree: 2 })).toEqual([a]);
  expect(await ids({ category: 'BURN', minFree: 3 })).toEqual([]);
  world.later(DAY_MINUTES);
  expect(await ids({ category: 'BURN', minFree: 2 })).toEqual([]);
  expect(await ids({ category: 'BURN' })).toEqual([a, b].sort());
});

test.each([
  ['a page above 500', { first: 501 }, 'TOO_MUCH'],
  ['a page of no length', { first: 0 }, 'BAD_USER_INPUT'],
  ['an area that is none', { filter: { area: 'NRW' } }, 'BAD_USER_INPUT'],
  ['a cursor that is none', { after: 'tomorrow' }, 'BAD_USER_INPUT'],
])('%s is refused', async (_, variables, code) => {
  const { errors } = await list(variables);
  expect(errors).toMatchObject([{ extensions: { code } }]);
});

test('a cursor of another order is refused', async () => {
  const { pageInfo } = await page({ first: 1 });
  const { errors } = await list({
    filter: { near: { latitude: 50, longitude: 7, km: 500 } },
    after: pageInfo.endCursor,
  });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('a partner sees regions only', async () => {
  const { errors } = await world.request('{ facilities { totalCount } }', {}, { role: 'partner' });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  const { data } = await world.request('{ region(code: "05") { name } }', {}, { role: 'partner' });
  expect(data.region.name).toBe('Nordrhein-Westfalen');
});

test('another subgraph gets a facility by its id, and nothing for an unknown one', async () => {
  const [id] = await facilitiesOf(world, '05315');
  const { data } = await world.request(
    `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Facility { id area } } }`,
    {
      refs: [
        { __typename: 'Facility', id },
        { __typename: 'Facility', id: 'nobody' },
      ],
    },
  );
  expect(data._entities).toEqual([{ id, area: '05315' }, null]);
});
