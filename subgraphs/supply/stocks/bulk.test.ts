import { until } from '../../../tests/until.js';
import { facilitiesIn } from '../testing/facilities.js';
import { newOrganisation } from '../testing/organisations.js';
import { book, bookAllRaw, booking } from '../testing/stocks.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';

let world: SupplyWorld;
let facility: string;
let other: string;
beforeAll(async () => {
  world = await supplyWorld();
});
beforeEach(async () => {
  await world.pool.query('TRUNCATE stock, stock_batch, stock_booking');
  [facility, other] = (await facilitiesIn(world, '05315', 2)) as [string, string];
});
afterAll(() => world.close());

test('events name the holder and the item, those of a bulk in its order', async () => {
  const organisation = await newOrganisation(world, { kind: 'DEPOT' });
  const self: TestIdentity = { role: 'crisis-staff', areas: [''], organisations: [organisation] };
  const receipts = [{ organisation }, { facility }, { facility: other }].map((holder) =>
    booking({ ...holder, quantity: 100, averageConsumption: 5 }),
  );
  await bookAllRaw(world, receipts, self);
  await book(world, { facility, kind: 'ISSUE', quantity: 40 });
  const { rows } = await world.pool.query<{ topic: string; area: string; tags: string[] }>(
    `SELECT topic, area, tags FROM outbox_event WHERE entity IN (SELECT id::text FROM stock) ORDER BY batch, seq`,
  );
  const { itemId } = (await world.pool.query('SELECT item_id AS "itemId" FROM stock')).rows[0];
  const event = (topic: string, holder: string) =>
    expect.objectContaining({
      topic: `supply.stock-${topic}`,
      tags: [holder, `item:${itemId}`],
    });
  expect(rows).toEqual([
    event('changed', `organisation:${organisation}`),
    event('changed', `facility:${facility}`),
    event('changed', `facility:${other}`),
    event('changed', `facility:${facility}`),
    event('fell-below-duty', `facility:${facility}`),
  ]);
  expect(rows[1]!.area).toBe(rows[3]!.area);
});

test('the id of an organisation is none of a facility, also beside a booking for the organisation', async () => {
  const organisation = await newOrganisation(world, { kind: 'DEPOT' });
  const self: TestIdentity = { role: 'crisis-staff', areas: [''], organisations: [organisation] };
  const bookings = [
    booking({ organisation }),
    booking({ facility: organisation }),
    booking({ facility }),
    booking({ organisation: facility }),
  ];
  const { data } = await bookAllRaw(world, bookings, self);
  expect(data.bookStocks.outcomes.map((outcome: any) => outcome.__typename)).toEqual([
    'StockBooking',
    'UnknownFacility',
    'StockBooking',
    'UnknownOrganisation',
  ]);
});

const isWaitingForRow = async () => {
  const { rowCount } = await world.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rowCount === 1;
};

test('who waits for another one to create a stock holds no lock of a stock meanwhile', async () => {
  await book(world, { facility: other, quantity: 5 });
  const another = await world.pool.connect();
  try {
    await another.query('BEGIN');
    await another.query(
      `INSERT INTO stock (holder_kind, holder_id, item_id, created_at, changed_at)
       SELECT 'FACILITY', $1, item_id, created_at, changed_at FROM stock`,
      [facility],
    );
    const waiting = bookAllRaw(world, [
      booking({ facility, quantity: 1 }),
      booking({ facility: other, quantity: 1 }),
    ]);
    await until(isWaitingForRow);
    expect(await book(world, { facility: other, quantity: 2 })).toMatchObject({ change: 2 });
    await another.query('ROLLBACK');
    const { data } = await waiting;
    expect(data.bookStocks.outcomes).toMatchObject([
      { change: 1, quantityAfter: 1 },
      { change: 1, quantityAfter: 8 },
    ]);
  } finally {
    another.release(true);
  }
});
