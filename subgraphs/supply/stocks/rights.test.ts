import { codesOf } from '../../../shared/testing/graphql-response.js';
import { facilitiesIn } from '../testing/facilities.js';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import { book, bookRaw, PROPOFOL } from '../testing/stocks.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';

let world: SupplyWorld;
let facility: string;
let other: string;
beforeAll(async () => {
  world = await supplyWorld();
});
beforeEach(async () => {
  await world.pool.query('TRUNCATE stock, stock_batch, stock_booking, batch_recall');
  [facility, other] = (await facilitiesIn(world, '05315', 2)) as [string, string];
});
afterAll(() => world.close());

const hospital = (...facilities: string[]): TestIdentity => ({ role: 'hospital', facilities });
const list = async (variables: object = {}, who?: TestIdentity) =>
  (
    await world.request(
      `query ($filter: StockFilter) { stocks(filter: $filter) { nodes { id organisation { id } } } }`,
      variables,
      who,
    )
  ).data.stocks;

describe('rights', () => {
  const CASES: [string, () => TestIdentity, boolean, boolean][] = [
    ['the facility itself', () => hospital(facility), true, true],
    ['a service that names it', () => ({ role: 'service', facilities: [facility] }), true, true],
    ['crisis staff of its area', () => ({ role: 'crisis-staff', areas: ['05'] }), true, true],
    [
      'the health office of its area',
      () => ({ role: 'health-office', areas: ['05'] }),
      true,
      false,
    ],
    ['dispatch of its area', () => ({ role: 'dispatch', areas: ['05315'] }), true, false],
    ['crisis staff elsewhere', () => ({ role: 'crisis-staff', areas: ['09'] }), false, false],
    ['dispatch elsewhere', () => ({ role: 'dispatch', areas: ['09'] }), false, false],
    ['another hospital', () => hospital(other), false, false],
    [
      'a hospital with an area in its token',
      () => ({ role: 'hospital', facilities: [other], areas: ['05'] }),
      false,
      false,
    ],
    [
      'a service of the area that does not name it',
      () => ({ role: 'service', areas: [''] }),
      false,
      false,
    ],
    ['a supplier of the area', () => ({ role: 'supplier', areas: ['05'] }), false, false],
    [
      'a supplier that names the facility',
      () => ({ role: 'supplier', facilities: [facility] }),
      false,
      false,
    ],
    ['a chamber', () => ({ role: 'chamber', areas: ['05'] }), false, false],
    ['a SPoC', () => ({ role: 'spoc', areas: ['05'] }), false, false],
  ];

  test.each(CASES)('over the stocks of a facility: %s', async (_, who, sees, books) => {
    const { stock } = await book(world, { facility });
    expect((await list({}, who())).nodes).toHaveLength(sees ? 1 : 0);
    const { data } = await world.request(
      `query ($id: ID!, $facility: ID!) { _entities(representations: [
        { __typename: "Stock", id: $id }, { __typename: "Facility", id: $facility }]) {
        ... on Stock { id } ... on Facility { stocks { id } } } }`,
      { id: stock.id, facility },
      who(),
    );
    expect(data._entities[0]).toEqual(sees ? { id: stock.id } : null);
    expect(data._entities[1].stocks).toEqual(sees ? [{ id: stock.id }] : null);
    const booked = await bookRaw(world, { facility }, who());
    expect(booked.data?.bookStock?.__typename ?? codesOf(booked)).toEqual(
      books ? 'StockBooking' : ['FORBIDDEN'],
    );
  });

  test('a supplier sees and books its own stock, never that of a competitor', async () => {
    const [own, competitor] = [await newOrganisation(world), await newOrganisation(world)];
    const who = supplierOf(own);
    await book(world, { organisation: competitor }, supplierOf(competitor));
    await book(world, { organisation: own }, who);
    expect((await list({}, who)).nodes).toMatchObject([{ organisation: { id: own } }]);
    expect((await list({ filter: { organisation: competitor } }, who)).nodes).toEqual([]);
    expect(codesOf(await bookRaw(world, { organisation: competitor }, who))).toEqual(['FORBIDDEN']);
    expect(codesOf(await bookRaw(world, { organisation: own }))).toEqual(['FORBIDDEN']);
    expect((await list()).nodes).toHaveLength(2);
    expect((await list({}, { role: 'dispatch', areas: [''] })).nodes).toEqual([]);
  });
});

describe('stockChanged', () => {
  const WATCH = `subscription ($area: String, $facility: ID, $item: ID, $after: String) {
    stockChanged(area: $area, facility: $facility, item: $item, after: $after) { cursor stock { quantity facility { id } } } }`;

  test('delivers what the subscriber sees and means, and resumes behind a cursor', async () => {
    const changes = await world.watch(WATCH, { area: '05', facility, item: PROPOFOL });
    await book(world, { facility: other });
    await book(world, { facility, quantity: 3 });
    const { value } = await changes.next();
    const { cursor, stock } = value!['data'].stockChanged;
    expect(stock).toEqual({ quantity: 3, facility: { id: facility } });
    await book(world, { facility, kind: 'ISSUE' });
    await changes.return!();
    const resumed = await world.watch(WATCH, { facility, after: cursor });
    expect((await resumed.next()).value!['data'].stockChanged.stock.quantity).toBe(2);
    await resumed.return!();
  });

  test('delivers nothing of a competitor', async () => {
    const [own, competitor] = [await newOrganisation(world), await newOrganisation(world)];
    const changes = await world.watch(WATCH, {}, supplierOf(own));
    await book(world, { organisation: competitor, quantity: 9 }, supplierOf(competitor));
    await book(world, { organisation: own, quantity: 1 }, supplierOf(own));
    expect((await changes.next()).value!['data'].stockChanged.stock.quantity).toBe(1);
    await changes.return!();
  });
});

test.each(['facility', 'organisation'])('an empty id of a %s names nobody', async (holder) => {
  const { data, errors } = await world.request(
    'query ($filter: StockFilter) { stocks(filter: $filter) { nodes { id } } }',
    { filter: { [holder]: '' } },
  );
  expect({ data, errors }).toEqual({ data: { stocks: { nodes: [] } }, errors: undefined });
});
