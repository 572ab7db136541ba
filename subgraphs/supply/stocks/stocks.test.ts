import { randomUUID } from 'node:crypto';
import { codesOf } from '../../../shared/testing/graphql-response.js';
import { UNKNOWN_ID } from '../../../shared/testing/unknown-id.js';
import { DAY_MINUTES } from '../../../shared/time/rules.js';
import { facilitiesIn } from '../testing/facilities.js';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import { book, bookAllRaw, booking, bookRaw, PROPOFOL, unbalanced } from '../testing/stocks.js';
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

const STOCK = `id quantity minimum averageConsumption currentConsumption daysOfCover daysOfCoverAtCurrentDemand belowDuty
  method duty { rule requiredDays source from until } batches { batch quantity usableUntil unusable }
  facility { id } organisation { id } item { pzn }`;
const list = async (variables: object = {}, who?: TestIdentity) =>
  (
    await world.request(
      `query ($filter: StockFilter, $first: Int, $after: String) {
        stocks(filter: $filter, first: $first, after: $after) {
          nodes { ${STOCK} } pageInfo { endCursor hasNextPage } } }`,
      variables,
      who,
    )
  ).data.stocks;
const stockOf = async (holder: object, who?: TestIdentity) =>
  (await list({ filter: { ...holder } }, who)).nodes[0];

describe('booking', () => {
  test('a pharmacist counts 112 packs where 120 are on record: the difference is a correction of its own', async () => {
    await book(world, { facility, quantity: 120 });
    const counted = await book(world, {
      facility,
      kind: 'COUNT',
      quantity: 112,
      reason: 'stocktaking',
    });
    expect(counted).toMatchObject({
      __typename: 'StockBooking',
      kind: 'COUNT',
      change: 0,
      counted: 112,
      quantityAfter: 112,
      corrections: [{ kind: 'CORRECTION', change: -8, reason: 'stocktaking' }],
      stock: { quantity: 112 },
    });
    const { data } = await world.request(
      `query ($facility: ID!) { stocks(filter: { facility: $facility }) { nodes { bookings { nodes { kind change quantityAfter by } } } } }`,
      { facility },
    );
    expect(data.stocks.nodes[0].bookings.nodes).toEqual([
      { kind: 'CORRECTION', change: -8, quantityAfter: 112, by: 'crisis staff' },
      { kind: 'COUNT', change: 0, quantityAfter: 112, by: 'crisis staff' },
      { kind: 'RECEIPT', change: 120, quantityAfter: 120, by: 'crisis staff' },
    ]);
    expect(await unbalanced(world)).toEqual([]);
  });

  test('a count that finds what is on record corrects nothing', async () => {
    await book(world, { facility, quantity: 5 });
    const { corrections } = await book(world, { facility, kind: 'COUNT', quantity: 5 });
    expect(corrections).toEqual([]);
  });

  test('repeating a call changes nothing, and another input under its key is refused', async () => {
    const key = randomUUID();
    const first = await bookRaw(world, { facility }, undefined, key);
    expect((await bookRaw(world, { facility }, undefined, key)).data).toEqual(first.data);
    const reused = await bookRaw(world, { facility, quantity: 2 }, undefined, key);
    expect(reused.data.bookStock.__typename).toBe('IdempotencyKeyReused');
    expect((await stockOf({ facility })).quantity).toBe(1);
  });

  test('a relocation books both ends, and the batch keeps its date', async () => {
    const organisation = await newOrganisation(world, { kind: 'DEPOT' });
    const usableUntil = world.inDays(90);
    await book(world, { facility, quantity: 10, batch: 'A1', usableUntil });
    const moved = {
      facility,
      kind: 'RELOCATION',
      quantity: 4,
      batch: 'A1',
      reason: 'flood',
    } as const;
    const foreign = await bookRaw(world, { ...moved, toOrganisation: organisation });
    expect(codesOf(foreign)).toEqual(['FORBIDDEN']);
    expect(await book(world, { ...moved, toFacility: other })).toMatchObject({
      kind: 'RELOCATION',
      change: -4,
      quantityAfter: 6,
    });
    expect((await stockOf({ facility: other })).batches).toEqual([
      { batch: 'A1', quantity: 4, usableUntil, unusable: null },
    ]);
    expect(await unbalanced(world)).toEqual([]);
  });

  test('an event follows a booking, and none a refusal; a stock that nothing was booked in does not exist', async () => {
    const before = await world.eventCount();
    expect((await book(world, { facility, kind: 'ISSUE' })).__typename).toBe('NotEnoughStock');
    expect(await world.eventCount()).toBe(before);
    expect((await list()).nodes).toEqual([]);
    await book(world, { facility });
    expect(await world.eventCount()).toBe(before + 1);
  });

  test('falling below the duty is an event, once', async () => {
    await book(world, { facility, quantity: 100, averageConsumption: 5 });
    for (const quantity of [20, 15, 5]) await book(world, { facility, kind: 'ISSUE', quantity });
    expect(await world.eventCount({ topic: 'supply.stock-fell-below-duty' })).toBe(1);
  });
});

describe('a booking is refused', () => {
  const refused: [string, object, object][] = [
    [
      'of a negative quantity',
      { quantity: -1 },
      { __typename: 'ImplausibleQuantity', field: 'quantity', value: -1 },
    ],
    ['of nothing', { quantity: 0 }, { __typename: 'ImplausibleQuantity', field: 'quantity' }],
    [
      'of a quantity with four decimals',
      { quantity: 0.0001 },
      { __typename: 'ImplausibleQuantity' },
    ],
    [
      'of more than anyone has',
      { quantity: 1e12 },
      { __typename: 'ImplausibleQuantity', minimum: 0, maximum: 1e9 },
    ],
    [
      'with a negative minimum',
      { minimum: -3 },
      { __typename: 'ImplausibleQuantity', field: 'minimum' },
    ],
    [
      'in another unit than the item has',
      { unit: 'LITRE' },
      { __typename: 'WrongUnit', message: expect.stringContaining('LITRE') },
    ],
    [
      'of a PZN with a wrong check digit',
      { item: 'pzn:00194324' },
      { __typename: 'UnknownItem', message: expect.stringContaining('check digit') },
    ],
    ['of an unknown item', { item: UNKNOWN_ID }, { __typename: 'UnknownItem', itemId: UNKNOWN_ID }],
    [
      'of an unknown facility',
      { facility: UNKNOWN_ID },
      { __typename: 'UnknownFacility', facilityId: UNKNOWN_ID },
    ],
    [
      'of an unknown organisation',
      { facility: undefined, organisation: UNKNOWN_ID },
      { __typename: 'UnknownOrganisation' },
    ],
    ['of no holder', { facility: undefined }, { __typename: 'InvalidBooking', field: 'facility' }],
    [
      'of two holders',
      { organisation: UNKNOWN_ID },
      { __typename: 'InvalidBooking', field: 'facility' },
    ],
    [
      'that relocates to nobody',
      { kind: 'RELOCATION', reason: 'x' },
      { __typename: 'InvalidBooking', field: 'toFacility' },
    ],
    [
      'that receives and names a target',
      { toFacility: UNKNOWN_ID },
      { __typename: 'InvalidBooking', field: 'toFacility' },
    ],
    [
      'that corrects without a reason',
      { kind: 'CORRECTION' },
      { __typename: 'InvalidBooking', field: 'reason' },
    ],
    [
      'with a date that belongs to no batch',
      { usableUntil: '2027-01-01T00:00:00Z' },
      { __typename: 'InvalidBooking', field: 'batch' },
    ],
    [
      'of a batch that has expired',
      { batch: 'A1', usableUntil: '2025-12-31T00:00:00Z' },
      { __typename: 'BatchNotUsable', cause: 'EXPIRED' },
    ],
    [
      'of a batch usable until the next century',
      { batch: 'A1', usableUntil: '2126-12-31T00:00:00Z' },
      { __typename: 'BookingDateOutOfRange', field: 'usableUntil' },
    ],
    [
      'of tomorrow',
      { at: '2026-01-16T09:00:00Z' },
      { __typename: 'BookingDateOutOfRange', field: 'at' },
    ],
    [
      'of last year',
      { at: '2025-01-15T09:00:00Z' },
      { __typename: 'BookingDateOutOfRange', field: 'at' },
    ],
    [
      'of more than is there',
      { kind: 'ISSUE', quantity: 7 },
      { __typename: 'NotEnoughStock', available: 0, outgoing: 7 },
    ],
    [
      'that loses more than is there',
      { kind: 'CORRECTION', quantity: -7, reason: 'breakage' },
      { __typename: 'NotEnoughStock' },
    ],
  ];

  test.each(refused)('%s, and nothing is stored', async (_, changes, expected) => {
    const before = await world.eventCount();
    expect(await book(world, { facility, ...changes })).toMatchObject(expected);
    expect(await world.eventCount()).toBe(before);
    expect((await list()).nodes).toEqual([]);
  });

  test('of a batch that expired in stock; destroying it is a correction', async () => {
    await book(world, { facility, quantity: 3, batch: 'A1', usableUntil: world.inDays(1) });
    world.later(2 * DAY_MINUTES);
    expect(await book(world, { facility, kind: 'ISSUE', batch: 'A1' })).toMatchObject({
      __typename: 'BatchNotUsable',
      batch: 'A1',
      cause: 'EXPIRED',
    });
    expect((await stockOf({ facility })).batches).toMatchObject([
      { batch: 'A1', unusable: 'EXPIRED' },
    ]);
    const destroyed = {
      facility,
      kind: 'CORRECTION',
      quantity: -3,
      batch: 'A1',
      reason: 'expired',
    } as const;
    expect((await book(world, destroyed)).quantityAfter).toBe(0);
  });

  test('of a batch under another date', async () => {
    await book(world, { facility, batch: 'A1', usableUntil: world.inDays(10) });
    expect(
      await book(world, { facility, batch: 'A1', usableUntil: world.inDays(11) }),
    ).toMatchObject({
      __typename: 'ConflictingBatch',
      batch: 'A1',
      usableUntil: world.inDays(10),
    });
  });

  test('of a count that others overtook', async () => {
    await book(world, { facility, quantity: 9, at: world.inDays(-1) });
    const late = { facility, kind: 'COUNT', quantity: 4, at: world.inDays(-2) } as const;
    expect((await book(world, late)).__typename).toBe('OvertakenCount');
  });

  test('without harm to the rest of a bulk', async () => {
    const bookings = [
      booking({ facility, quantity: 10 }),
      booking({ facility, kind: 'ISSUE', quantity: 11 }),
      booking({ facility, item: 'pzn:123' }),
      booking({ facility, kind: 'CORRECTION', quantity: 1, reason: 'bad \u0000 text' }),
      booking({ facility, kind: 'ISSUE', quantity: 3 }),
    ];
    const { data } = await bookAllRaw(world, bookings);
    expect(data.bookStocks.outcomes.map((outcome: any) => outcome.__typename)).toEqual([
      'StockBooking',
      'NotEnoughStock',
      'UnknownItem',
      'InvalidText',
      'StockBooking',
    ]);
    expect((await stockOf({ facility })).quantity).toBe(7);
    expect(await unbalanced(world)).toEqual([]);
  });
});

test('a bulk is repeated without effect, refusals and missing rights included', async () => {
  const bookings = [
    booking({ facility, quantity: 10 }),
    booking({ facility: other }),
    booking({ facility, kind: 'ISSUE', quantity: 11 }),
  ];
  const key = randomUUID();
  const first = await bookAllRaw(world, bookings, hospital(facility), key);
  expect(first.data.bookStocks.outcomes[1]).toBeNull();
  expect(codesOf(first)).toEqual(['FORBIDDEN']);
  const second = await bookAllRaw(world, bookings, hospital(facility), key);
  expect(second.data).toEqual(first.data);
  expect((await stockOf({ facility })).quantity).toBe(10);
});

test('more than 1,000 bookings are refused whole', async () => {
  const bookings = Array.from({ length: 1001 }, () => booking({ facility }));
  expect(codesOf(await bookAllRaw(world, bookings))).toEqual(['TOO_MUCH']);
});

describe('days of cover', () => {
  test('are shown on average and on current demand, with the duty that applies', async () => {
    await book(world, { facility, quantity: 100, averageConsumption: 5, minimum: 30 });
    world.later(7 * DAY_MINUTES);
    await book(world, { facility, kind: 'ISSUE', quantity: 70 });
    expect(await stockOf({ facility })).toMatchObject({
      quantity: 30,
      minimum: 30,
      averageConsumption: 5,
      currentConsumption: 10,
      daysOfCover: 6,
      daysOfCoverAtCurrentDemand: 3,
      belowDuty: true,
      method: 'REPORTED',
      duty: { rule: 'apbetro-30-1', requiredDays: 14, source: '§ 30 Satz 1 ApBetrO', until: null },
    });
  });

  test('of a public pharmacy are measured by seven days', async () => {
    const organisation = await newOrganisation(world, { kind: 'PUBLIC_PHARMACY' });
    const who = supplierOf(organisation);
    await book(world, { organisation, quantity: 35, averageConsumption: 5 }, who);
    expect(await stockOf({ organisation }, who)).toMatchObject({
      daysOfCover: 7,
      belowDuty: false,
      duty: { requiredDays: 7 },
    });
  });

  test('are unknown without a stated demand, and no duty is broken', async () => {
    await book(world, { facility });
    expect(await stockOf({ facility })).toMatchObject({
      daysOfCover: null,
      daysOfCoverAtCurrentDemand: null,
      belowDuty: false,
    });
  });

  test('order the list, the unknown ones last, page by page', async () => {
    const facilities = await facilitiesIn(world, '05', 5);
    for (const [n, id] of facilities.entries()) {
      await book(world, {
        facility: id,
        quantity: 10,
        ...(n < 4 ? { averageConsumption: n + 1 } : {}),
      });
    }
    const seen: (number | null)[] = [];
    let after: string | null = null;
    do {
      const page: any = await list({ filter: { area: '05' }, first: 2, after });
      seen.push(...page.nodes.map(({ daysOfCover }: any) => daysOfCover));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(seen.map((days) => days && Math.round(days * 10) / 10)).toEqual([2.5, 3.3, 5, 10, null]);
    const short = await list({ filter: { area: '05', item: PROPOFOL, belowDays: 4 } });
    expect(short.nodes).toHaveLength(2);
  });
});
