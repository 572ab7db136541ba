import { randomUUID } from 'node:crypto';
import { DAY_MINUTES } from '../../../shared/time/rules.js';
import { facilitiesIn } from '../testing/facilities.js';
import { book, PROPOFOL } from '../testing/stocks.js';
import { CLOCK_MS, supplyWorld, type SupplyWorld } from '../testing/supply-world.js';

let world: SupplyWorld;
let facility: string;
beforeAll(async () => {
  world = await supplyWorld();
});
beforeEach(async () => {
  await world.pool.query('TRUNCATE stock, stock_batch, stock_booking, batch_recall');
  [facility] = (await facilitiesIn(world, '05315', 1)) as [string];
});
afterAll(() => world.close());

const receive = (batch: string | null, quantity: number, days: number | null, changes = {}) =>
  book(world, {
    facility,
    quantity,
    ...(batch !== null && { batch }),
    ...changes,
    ...(days !== null && { usableUntil: world.inDays(days) }),
  });
const stock = async () => {
  const { data } = await world.request(
    `query ($facility: ID!) { stocks(filter: { facility: $facility }) {
      nodes { quantity usableQuantity daysOfCover daysOfCoverAtCurrentDemand belowDuty } } }`,
    { facility },
  );
  return data.stocks.nodes[0];
};
const recall = (batch: string) =>
  world.request(
    `mutation ($input: RecallBatchInput!) { recallBatch(input: $input) { __typename } }`,
    { input: { item: PROPOFOL, batch, area: '', reason: 'glass', idempotencyKey: randomUUID() } },
  );
const missing = async () => {
  const { data } = await world.request(
    `{ shortages(area: "05315") { nodes { missing stock { duty { requiredDays } } } } }`,
  );
  return data.shortages.nodes;
};
const falls = async () => {
  const { rows } = await world.pool.query(
    `SELECT count(*)::int FROM outbox_event e JOIN stock s ON s.id::text = e.entity WHERE topic = 'supply.stock-fell-below-duty'`,
  );
  return rows[0].count;
};

test('what is recalled and what expires before it can be used covers no day', async () => {
  await receive('A1', 30, 1, { averageConsumption: 5 });
  await receive('A2', 12, 300);
  await receive('A3', 7, 300);
  await recall('A2');
  expect(await stock()).toMatchObject({ quantity: 49, usableQuantity: 12, daysOfCover: 2.4 });
  await receive('A3', 5, 300);
  expect(await stock()).toMatchObject({ quantity: 54, usableQuantity: 17, daysOfCover: 3.4 });
});

test('a recall lets a stock fall below its duty, once, and so does one before the batch arrives', async () => {
  await receive('A1', 100, 300, { averageConsumption: 5 });
  await receive('A2', 60, 300);
  expect(await stock()).toMatchObject({ daysOfCover: 32, belowDuty: false });
  await recall('A1');
  expect(await stock()).toMatchObject({ daysOfCover: 12, belowDuty: true });
  await recall('A1');
  await receive('A1', 50, 300);
  expect(await stock()).toMatchObject({ daysOfCover: 12, belowDuty: true });
  expect(await falls()).toBe(1);
  const [short] = await missing();
  expect(short.missing).toBe(short.stock.duty.requiredDays * 5 - 60);
});

test('the clock alone takes what expires, and an event follows from it', async () => {
  await receive(null, 13, null);
  await receive('A1', 5, 2, { averageConsumption: 1 });
  expect(await stock()).toMatchObject({ usableQuantity: 15, belowDuty: false });
  expect(await falls()).toBe(0);
  world.later(DAY_MINUTES + 120);
  await world.elapse(CLOCK_MS);
  const { usableQuantity, daysOfCover } = await stock();
  expect(usableQuantity).toBe(13);
  expect(daysOfCover).toBeCloseTo(13 + 22 / 24, 2);
  expect(await falls()).toBe(1);
  world.later(DAY_MINUTES);
  const events = await world.eventCount();
  await world.elapse(CLOCK_MS);
  expect(await stock()).toMatchObject({ quantity: 18, usableQuantity: 13, belowDuty: true });
  expect(await world.eventCount()).toBe(events + 1);
  world.later(DAY_MINUTES);
  await world.elapse(CLOCK_MS);
  expect(await world.eventCount()).toBe(events + 1);
});

test('days at current demand count what can be used at that demand', async () => {
  await receive('A1', 30, 1, { averageConsumption: 5 });
  await receive('A2', 20, 300);
  await book(world, { facility, kind: 'ISSUE', quantity: 10, batch: 'A2' });
  expect((await stock()).daysOfCoverAtCurrentDemand).toBeCloseTo(2, 5);
});
