import { randomUUID } from 'node:crypto';
import { HOUR_MS } from '../../../../shared/time/rules.js';
import { facilitiesIn } from '../../testing/facilities.js';
import { newOrganisation, supplierOf } from '../../testing/organisations.js';
import { itemsIn, requestLitres, send } from '../../testing/requests.js';
import { booking, bookAllRaw } from '../../testing/stocks.js';
import { staffOf, supplyWorld, type SupplyWorld } from '../../testing/supply-world.js';

let world: SupplyWorld;
let facility: string;
let item: string;
let organisation: string;
beforeAll(async () => {
  world = await supplyWorld();
  [facility] = (await facilitiesIn(world, '05')) as [string];
  [item] = (await itemsIn(world, 'LITRE')) as [string];
  organisation = await newOrganisation(world);
});
afterAll(() => world.close());

const LONG = 'x'.repeat(10_000);
const FIRST_YEAR = '0001-01-01T00:00:00Z';
const LAST_YEAR = '9999-12-31T23:59:59Z';
const NUMBERS = [-1, 0, 1e300, 1e-9, 0.0001, 1e12];
const supplier = () => ({ ...supplierOf(organisation), areas: ['05'] });

/** Sends what nobody can mean, and returns each input that was not refused, or that left a trace. */
async function accepted(inputs: readonly object[], act: (input: object) => Promise<any>) {
  const found: unknown[] = [];
  for (const input of inputs) {
    const before = await world.eventCount();
    const outcome = await act(input);
    const isRefused = outcome.code === 'BAD_USER_INPUT' || /message/.test(JSON.stringify(outcome));
    if (!isRefused || (await world.eventCount()) !== before) found.push([input, outcome]);
  }
  return found;
}

test('a request of what nobody can mean is refused, and nothing is stored', async () => {
  const lines = (changes: object) => ({
    lines: [{ item, quantity: 1, unit: 'LITRE', ...changes }],
  });
  const inputs = [
    ...NUMBERS.map((quantity) => lines({ quantity })),
    lines({ unit: 'PACK' }),
    lines({ item: 'pzn:00194324' }),
    lines({ item: LONG }),
    { lines: [] },
    { neededUntil: FIRST_YEAR },
    { neededUntil: LAST_YEAR },
    { reason: '' },
    { reason: ' ' },
    { reason: LONG },
    { facility: randomUUID() },
  ];
  expect(
    await accepted(inputs, (input) =>
      requestLitres(world, { facility, item }, input, { role: 'crisis-staff', areas: [''] }),
    ),
  ).toEqual([]);
});

test('an offer of what nobody can mean is refused, and nothing is stored', async () => {
  const until = new Date(world.clock.now.getTime() + HOUR_MS);
  const offer = { organisation, item, quantity: 1, unit: 'LITRE', until };
  const inputs = [
    ...NUMBERS.map((quantity) => ({ quantity })),
    { unit: 'PIECE' },
    { item: 'pzn:1' },
    { until: FIRST_YEAR },
    { until: LAST_YEAR },
    { usableUntil: FIRST_YEAR },
    { facility, organisation },
    { idempotencyKey: LONG },
  ];
  expect(
    await accepted(inputs, (input) =>
      send(world, 'offerSupply', { ...offer, ...input }, supplier()),
    ),
  ).toEqual([]);
});

test('a commitment of what nobody can mean is refused, and nothing is stored', async () => {
  const request = await requestLitres(world, { facility, item, quantity: 10 });
  const commitment = { line: request.lines[0].id, organisation, quantity: 1, unit: 'LITRE' };
  const inputs = [
    ...NUMBERS.map((quantity) => ({ quantity })),
    { unit: 'DOSE' },
    { expectedAt: FIRST_YEAR },
    { expectedAt: LAST_YEAR },
    { line: LONG },
  ];
  expect(
    await accepted(inputs, (input) =>
      send(world, 'commitSupply', { ...commitment, ...input }, supplier()),
    ),
  ).toEqual([]);
});

test('the key of an offer with another content is refused', async () => {
  const until = new Date(world.clock.now.getTime() + HOUR_MS);
  const offer = { organisation, item, quantity: 1, unit: 'LITRE', until, idempotencyKey: 'one' };
  expect(await send(world, 'offerSupply', offer, supplier())).toMatchObject({ quantity: 1 });
  const other = await send(world, 'offerSupply', { ...offer, quantity: 2 }, supplier());
  expect(other).toMatchObject({ __typename: 'IdempotencyKeyReused' });
});

test('each implausible booking of a bulk is refused by itself, and the others are booked', async () => {
  const good = booking({ facility, batch: 'B-1' });
  const bad = [
    ...NUMBERS.map((quantity) => booking({ facility, quantity })),
    booking({ facility, unit: 'LITRE' }),
    booking({ facility, item: 'pzn:00194324' }),
    booking({ facility, batch: '' }),
    booking({ facility, batch: LONG }),
    booking({ facility, reason: LONG }),
    booking({ facility, at: FIRST_YEAR }),
    booking({ facility, at: LAST_YEAR }),
    booking({ facility: randomUUID() }),
    ...[FIRST_YEAR, LAST_YEAR, '2026-01-01T00:00:00Z'].map((usableUntil) =>
      booking({ facility, batch: 'B-2', usableUntil }),
    ),
    booking({ facility, organisation }),
  ];
  const { data } = await bookAllRaw(world, [good, ...bad, good]);
  const kinds = data.bookStocks.outcomes.map((outcome: any) => outcome?.__typename);
  expect([kinds[0], kinds.at(-1)]).toEqual(['StockBooking', 'StockBooking']);
  expect(kinds.slice(1, -1).filter((kind: string) => kind === 'StockBooking')).toEqual([]);
  expect(kinds).toHaveLength(bad.length + 2);
  const { rows } = await world.pool.query(
    `SELECT count(*)::int AS count FROM stock_booking b JOIN stock s ON s.id = b.stock_id WHERE s.holder_id = $1`,
    [facility],
  );
  expect(rows).toEqual([{ count: 2 }]);
});

test('numbers without an end, and 1,001 bookings, are refused before anything is judged', async () => {
  const before = await world.eventCount();
  for (const quantity of ['1e400', '-1e400', 'NaN', 'Infinity']) {
    const { data, errors } = await world.request(
      `mutation { bookStock(input: { booking: { facility: "${facility}", item: "${item}", kind: RECEIPT,
        quantity: ${quantity}, unit: LITRE }, idempotencyKey: "${randomUUID()}" }) {
        __typename ... on ImplausibleQuantity { value } } }`,
    );
    // A word is no number and breaks the query; a number that is too large is refused.
    const isRefused = data
      ? data.bookStock?.__typename === 'ImplausibleQuantity'
      : errors?.length === 1;
    expect([quantity, isRefused]).toEqual([quantity, true]);
  }
  const many = Array.from({ length: 1_001 }, () => booking({ facility }));
  const { errors } = await bookAllRaw(world, many, staffOf(facility));
  expect(errors?.[0]?.extensions?.['code']).toBe('TOO_MUCH');
  expect(await world.eventCount()).toBe(before);
});
