import { DAY_MINUTES, DAY_MS } from '../../../shared/time/rules.js';
import { modelBeds, OCCUPANCY_MS } from '../testing/beds.js';
import { randomUUID } from 'node:crypto';
import { book, unbalanced } from '../testing/stocks.js';
import { supplyWorld, type SupplyWorld } from '../testing/supply-world.js';

/** The modelled propofol: 20 mg. */
const MODELLED_PROPOFOL = 'pzn:05703953';
const STOCK = `id quantity averageConsumption averageConsumptionMethod daysOfCover currentConsumption belowDuty method modelRule
  renewal { everyDays upTo next } batches { batch quantity } bookings { nodes { kind change reason by } }`;

let world: SupplyWorld;
let facilities: string[];
let booked: string;

beforeAll(async () => {
  world = await supplyWorld({ modelled: true });
  const { rows } = await world.pool.query(
    `SELECT id FROM facility WHERE area LIKE '05%' AND site_number IS NOT NULL ORDER BY id LIMIT 40`,
  );
  facilities = rows.map(({ id }) => id);
  booked = facilities[0]!;
  await book(world, { facility: booked, item: MODELLED_PROPOFOL, quantity: 3 });
  await modelBeds(world, facilities);
});
afterAll(() => world.close());

/** The stock of modelled propofol of a hospital. */
async function propofolOf(facility: string): Promise<any> {
  const { data } = await world.request(
    `query ($facility: ID!, $item: ID!) { stocks(filter: { facility: $facility, item: $item }) { nodes { ${STOCK} } } }`,
    { facility, item: MODELLED_PROPOFOL },
  );
  return data.stocks.nodes[0];
}

const bookPropofol = (facility: string, changes: object) =>
  book(world, { facility, item: MODELLED_PROPOFOL, ...changes });

test('real sites get stocks by the rules that are published, and what somebody booked stays', async () => {
  const stock = await propofolOf(facilities[1]!);
  expect(stock).toMatchObject({
    averageConsumption: 1.5,
    averageConsumptionMethod: 'MODELLED',
    currentConsumption: null,
    method: 'MODELLED',
    modelRule: 'intensive-care-six-weeks',
    renewal: { everyDays: 3, upTo: stock.quantity },
    batches: [{ batch: null, quantity: stock.quantity }],
    bookings: {
      nodes: [
        {
          kind: 'CORRECTION',
          change: stock.quantity,
          by: 'Vierblatt model',
          reason: 'Modelled by intensive-care-six-weeks',
        },
      ],
    },
  });
  expect(await propofolOf(booked)).toMatchObject({
    method: 'REPORTED',
    modelRule: null,
    renewal: null,
    quantity: 3,
    averageConsumption: null,
  });
  expect(await unbalanced(world)).toEqual([]);
});

test('some are below their duty and say that they are modelled, and no supplier reads a need from them', async () => {
  const { data } = await world.request(
    '{ shortages(area: "05", first: 500) { nodes { stock { method daysOfCover duty { requiredDays } } } } needs(area: "") { nodes { missing } } }',
  );
  expect(data.shortages.nodes.length).toBeGreaterThan(4);
  for (const { stock } of data.shortages.nodes) {
    expect(stock.method).toBe('MODELLED');
    expect(stock.daysOfCover).toBeLessThan(stock.duty.requiredDays);
  }
  expect(data.needs.nodes).toEqual([]);
  const { data: plan } = await world.request(
    `{ bridging(item: "${MODELLED_PROPOFOL}", area: "05", days: 7) { stock modelledStock demandPerDay modelledDemandPerDay } }`,
  );
  expect(plan.bridging).toMatchObject({ demandPerDay: 39 * 1.5, modelledDemandPerDay: 39 * 1.5 });
  expect(plan.bridging.modelledStock).toBe(plan.bridging.stock - 3);
});

test('an untouched stock keeps its level for 30 days, and nothing is written', async () => {
  const rows = async () =>
    (await world.pool.query('SELECT id, xmin::text, quantity, renews_at FROM stock ORDER BY id'))
      .rows;
  const [before, events] = [await rows(), await world.eventCount()];
  for (let day = 0; day < 30; day += 5) {
    world.later(5 * DAY_MINUTES);
    await world.elapse(OCCUPANCY_MS);
  }
  expect(await rows()).toEqual(before);
  expect(await world.eventCount()).toBe(events);
  const { renewal } = await propofolOf(facilities[1]!);
  const ahead = Date.parse(renewal.next) - world.clock.now.getTime();
  expect(ahead).toBeGreaterThan(0);
  expect(ahead).toBeLessThanOrEqual(3 * DAY_MS);
});

test('a quantity that is given out is missing until the next delivery of the rhythm', async () => {
  const facility = facilities[2]!;
  const quantity: number = (await propofolOf(facility)).quantity;
  expect(await bookPropofol(facility, { kind: 'ISSUE', quantity: 2 })).toMatchObject({
    __typename: 'StockBooking',
    kind: 'ISSUE',
    quantityAfter: quantity - 2,
  });
  await world.elapse(OCCUPANCY_MS);
  expect(await propofolOf(facility)).toMatchObject({ quantity: quantity - 2, method: 'MODELLED' });
  world.later(3 * DAY_MINUTES);
  const events = await world.eventCount();
  await world.elapse(OCCUPANCY_MS);
  const delivered = await propofolOf(facility);
  expect(delivered).toMatchObject({ quantity, renewal: { upTo: quantity } });
  expect(delivered.bookings.nodes[0]).toMatchObject({
    kind: 'CORRECTION',
    change: 2,
    reason: 'Delivery of the model.',
    by: 'Vierblatt model',
  });
  expect(await world.eventCount()).toBe(events + 1);
  expect(await unbalanced(world)).toEqual([]);
});

test('a shipment that arrives is as much more, and is used up by later deliveries', async () => {
  const facility = facilities[3]!;
  const quantity: number = (await propofolOf(facility)).quantity;
  await bookPropofol(facility, { kind: 'RECEIPT', quantity: 6, batch: 'A1' });
  expect(await propofolOf(facility)).toMatchObject({ quantity: quantity + 6, method: 'MODELLED' });
  const after: number[] = [];
  for (let delivery = 0; delivery < 3; delivery++) {
    world.later(3 * DAY_MINUTES);
    await world.elapse(OCCUPANCY_MS);
    after.push((await propofolOf(facility)).quantity - quantity);
  }
  expect(after).toEqual([1, 0, 0]);
});

test('more may be given out than is modelled, of batches of which the model knows nothing', async () => {
  const facility = facilities[4]!;
  const quantity: number = (await propofolOf(facility)).quantity;
  const issue = { kind: 'ISSUE', quantity: quantity + 100, batch: 'B1' };
  expect(await bookPropofol(facility, issue)).toMatchObject({
    __typename: 'StockBooking',
    kind: 'ISSUE',
    batch: 'B1',
    quantityAfter: 0,
  });
  expect(await propofolOf(facility)).toMatchObject({
    quantity: 0,
    method: 'MODELLED',
    batches: [],
  });
  expect(await unbalanced(world)).toEqual([]);
});

test('a count replaces the model for good; days of cover stay modelled until the holder states its demand', async () => {
  const facility = facilities[5]!;
  const quantity: number = (await propofolOf(facility)).quantity;
  const yesterday = world.inDays(-1);
  const events = await world.eventCount();
  expect(await bookPropofol(facility, { kind: 'COUNT', quantity: 4, at: yesterday })).toMatchObject(
    { kind: 'COUNT', corrections: [{ change: 4 - quantity }] },
  );
  // Below its duty by a modelled demand: one event for the count, and none that alarms.
  expect(await world.eventCount()).toBe(events + 1);
  expect(await propofolOf(facility)).toMatchObject({
    quantity: 4,
    method: 'REPORTED',
    modelRule: null,
    renewal: null,
    belowDuty: true,
    averageConsumptionMethod: 'MODELLED',
  });
  world.later(30 * DAY_MINUTES);
  await world.elapse(OCCUPANCY_MS);
  expect((await propofolOf(facility)).quantity).toBe(4);
  await bookPropofol(facility, { kind: 'ISSUE', quantity: 1, averageConsumption: 1 });
  expect(await propofolOf(facility)).toMatchObject({
    averageConsumption: 1,
    averageConsumptionMethod: 'REPORTED',
    currentConsumption: 1 / 7,
  });
});

test('a delivery of the model never overwrites a count that comes at the same time', async () => {
  const facility = facilities[6]!;
  await bookPropofol(facility, { kind: 'ISSUE', quantity: 1 });
  world.later(3 * DAY_MINUTES);
  await Promise.all([
    bookPropofol(facility, { kind: 'COUNT', quantity: 7 }),
    world.elapse(OCCUPANCY_MS),
  ]);
  expect(await propofolOf(facility)).toMatchObject({ quantity: 7, method: 'REPORTED' });
  expect(await unbalanced(world)).toEqual([]);
});

test('a stock is read by its id, by those who see it', async () => {
  const { id } = await propofolOf(facilities[1]!);
  const read = async (stock: string, who?: object) =>
    (
      await world.request(
        'query ($id: ID!) { stock(id: $id) { id facility { id } } }',
        { id: stock },
        who as never,
      )
    ).data.stock;
  expect(await read(id)).toEqual({ id, facility: { id: facilities[1] } });
  expect(await read(id, { role: 'hospital', facilities: [facilities[1]] })).not.toBeNull();
  expect(await read(id, { role: 'hospital', facilities: [facilities[2]] })).toBeNull();
  expect(await read(randomUUID())).toBeNull();
  expect(await read('no id')).toBeNull();
});

test('nobody waits for changes of a facility that does not exist, nor gets stocks of a holder that has no id', async () => {
  const subscription = await world.watch(
    'subscription ($facility: ID!) { stockChanged(facility: $facility) { cursor } }',
    { facility: randomUUID() },
  );
  await expect(subscription.next()).rejects.toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' } },
  ]);
  const { data } = await world.request(
    '{ stocks(filter: { organisation: "no id" }) { nodes { id } } }',
  );
  expect(data.stocks.nodes).toEqual([]);
});
