import { randomUUID } from 'node:crypto';
import { facilitiesIn } from '../../testing/facilities.js';
import { newOrganisation, supplierOf } from '../../testing/organisations.js';
import {
  itemsIn,
  receiveLitres,
  requestAs,
  requestLitres,
  send,
  stocksOf,
} from '../../testing/requests.js';
import {
  staffOf,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../../testing/supply-world.js';

let world: SupplyWorld;
let facility: string;
let others: string[];
let item: string;
let supplier: string;
let competitor: string;
beforeAll(async () => {
  world = await supplyWorld();
  [facility, ...others] = (await facilitiesIn(world, '05')) as [string, ...string[]];
  [item] = (await itemsIn(world, 'LITRE')) as [string];
  [supplier, competitor] = [await newOrganisation(world), await newOrganisation(world)];
});
afterAll(() => world.close());

const as = (organisation: string): TestIdentity => ({
  ...supplierOf(organisation),
  areas: ['05'],
  subject: organisation,
});
/** A commitment of the supplier, who has as much in stock. */
const committed = async (quantity: number, at = facility, batch: object = {}) => {
  await receiveLitres(world, { organisation: supplier }, item, quantity, batch);
  const request = await requestLitres(world, { facility: at, item, quantity });
  const line = request.lines[0].id as string;
  const { id } = await send(
    world,
    'commitSupply',
    { line, organisation: supplier, quantity, unit: 'LITRE' },
    as(supplier),
  );
  return { request: request.id as string, commitment: id as string };
};
const dispatch = (commitment: string, quantity: number, changes: object = {}, who = as(supplier)) =>
  send(world, 'dispatchShipment', { commitment, quantity, unit: 'LITRE', ...changes }, who);
const receive = (
  shipment: string,
  quantity: number,
  who = staffOf(facility),
  changes: object = {},
) => send(world, 'receiveShipment', { shipment, quantity, unit: 'LITRE', ...changes }, who);
const reject = (
  shipment: string,
  quantity: number,
  changes: object = {},
  who = staffOf(facility),
) =>
  send(
    world,
    'rejectShipment',
    { shipment, quantity, unit: 'LITRE', handling: 'SEND_BACK', reason: 'expired', ...changes },
    who,
  );
const stocks = async () => {
  const all = await stocksOf(world, item);
  return { supplier: all[supplier] ?? 0, facility: all[facility] ?? 0 };
};

test('a delivery leaves the stock of the supplier for that of the hospital, and what is missing stays in transit', async () => {
  const before = await stocks();
  const { request, commitment } = await committed(300);
  const shipment = await dispatch(commitment, 300);
  expect(shipment).toMatchObject({ quantity: 300, inTransit: 300, isReturn: false });
  expect(await stocks()).toEqual(before);
  expect(await requestAs(world, request)).toMatchObject({
    status: 'DISPATCHED',
    lines: [{ inTransit: 300 }],
  });
  expect(await receive(shipment.id, 290)).toMatchObject({ received: 290, inTransit: 10 });
  expect(await stocks()).toEqual({ ...before, facility: before.facility + 290 });
  expect(await requestAs(world, request)).toMatchObject({
    status: 'DISPATCHED',
    lines: [{ inTransit: 10, delivered: 290 }],
    steps: [{}, {}, { act: 'DISPATCH', quantity: 300 }, { act: 'RECEIVE', quantity: 290 }],
  });
  expect(await receive(shipment.id, 11)).toMatchObject({
    __typename: 'ShipmentExceeded',
    atMost: 10,
  });
  const lost = { shipment: shipment.id, reason: 'a valve leaked' };
  expect(await send(world, 'declareShipmentLost', lost, as(supplier))).toMatchObject({
    lost: 10,
    inTransit: 0,
  });
  expect(await requestAs(world, request)).toMatchObject({
    lines: [{ inTransit: 0, delivered: 290, committed: 300 }],
  });
  await receiveLitres(world, { organisation: supplier }, item, 10);
  const rest = await dispatch(commitment, 10);
  await receive(rest.id, 10);
  expect(await requestAs(world, request)).toMatchObject({
    status: 'RECEIVED',
    lines: [{ delivered: 300 }],
  });
});

test('a hospital sends back a part, which is in transit until the supplier has received it', async () => {
  const { request, commitment } = await committed(100);
  const delivery = await dispatch(commitment, 100);
  await receive(delivery.id, 100);
  const before = await stocks();
  const back = (quantity: number, who = staffOf(facility)) =>
    send(
      world,
      'returnShipment',
      { shipment: delivery.id, quantity, unit: 'LITRE', reason: 'the tank is full' },
      who,
    );
  expect((await back(40, as(supplier))).code).toBe('FORBIDDEN');
  const returned = await back(40);
  expect(returned).toMatchObject({ isReturn: true, quantity: 40, inTransit: 40 });
  expect(await back(61)).toMatchObject({ __typename: 'ShipmentExceeded', atMost: 60 });
  expect(await stocks()).toEqual({ ...before, facility: before.facility - 40 });
  expect(await requestAs(world, request)).toMatchObject({
    lines: [{ delivered: 60, inTransit: 0, committed: 100 }],
  });
  expect((await receive(returned.id, 40)).code).toBe('FORBIDDEN');
  expect(await receive(returned.id, 40, as(supplier))).toMatchObject({ received: 40 });
  expect(await stocks()).toEqual({
    supplier: before.supplier + 40,
    facility: before.facility - 40,
  });
  expect(await dispatch(commitment, 40)).toMatchObject({ quantity: 40 });
});

test.each([
  [
    'more than was committed',
    { quantity: 101 },
    { __typename: 'CommitmentExceeded', notDispatched: 100 },
  ],
  ['another unit', { unit: 'PACK' }, { __typename: 'WrongUnit' }],
  ['a batch that is not in stock', { batch: 'unknown' }, { __typename: 'NotEnoughStock' }],
  ['a negative quantity', { quantity: -1 }, { code: 'BAD_USER_INPUT' }],
  [
    'an arrival in the past',
    { expectedAt: '2026-01-01T00:00:00Z' },
    { __typename: 'SupplyTimeOutOfRange' },
  ],
  [
    'an unknown commitment',
    { commitment: randomUUID() },
    { __typename: 'UnknownSupplyCommitment' },
  ],
])('a dispatch of %s is refused and stores nothing', async (_, changes, refusal) => {
  const { request, commitment } = await committed(100);
  const [before, events] = [await stocks(), await world.eventCount()];
  expect(await dispatch(commitment, 100, changes)).toMatchObject(refusal);
  expect([await stocks(), await world.eventCount()]).toEqual([before, events]);
  expect(await requestAs(world, request)).toMatchObject({ lines: [{ inTransit: 0 }] });
});

test('an expired batch is not dispatched, and a batch arrives with its date', async () => {
  const usableUntil = world.inHours(1);
  const { commitment } = await committed(20, facility, { batch: 'B-1', usableUntil });
  const shipment = await dispatch(commitment, 10, { batch: 'B-1' });
  await receive(shipment.id, 10);
  const { rows } = await world.pool.query(
    `SELECT b.usable_until AS until FROM stock s JOIN stock_batch b ON b.stock_id = s.id
     WHERE s.holder_id = $1 AND b.batch = 'B-1'`,
    [facility],
  );
  expect(rows).toEqual([{ until: new Date(usableUntil) }]);
  world.later(61);
  const expired = await dispatch(commitment, 10, { batch: 'B-1' });
  expect(expired.__typename).toBe('BatchNotUsable');
});

test('a batch that expired on its way is rejected and travels back, and its sender may dispatch another', async () => {
  const until = world.inHours(2);
  const { request, commitment } = await committed(20, facility, {
    batch: 'B-2',
    usableUntil: until,
  });
  const { id } = await dispatch(commitment, 20, { batch: 'B-2' });
  world.later(121);
  /** Counted by what they are of, because jobs of earlier tests may still publish theirs. */
  const eventCount = async () => {
    const { rowCount } = await world.pool.query(
      'SELECT FROM outbox_event WHERE entity = ANY ($1)',
      [[id, commitment, request]],
    );
    return rowCount;
  };
  const [before, events] = [await stocks(), await eventCount()];
  expect(events).toBeGreaterThan(0);
  const refused = await receive(id, 20);
  expect(refused).toMatchObject({ __typename: 'BatchNotUsable' });
  expect(refused.message).toMatch('rejectShipment');
  expect(await eventCount()).toBe(events);
  const [{ rows: back }, rejected] = [
    await world.pool.query('SELECT id FROM supply_shipment WHERE returns_id = $1', [id]),
    await reject(id, 12),
  ];
  expect(back).toEqual([]);
  expect(rejected).toMatchObject({
    rejected: 12,
    inTransit: 8,
    received: 0,
    batchUsableUntil: until,
  });
  expect(await reject(id, 9)).toMatchObject({ __typename: 'ShipmentExceeded', atMost: 8 });
  expect(await reject(id, 8, { handling: 'DESTROY' })).toMatchObject({
    inTransit: 0,
    rejected: 20,
  });
  expect(await stocks()).toEqual(before);
  expect(await requestAs(world, request)).toMatchObject({
    status: 'COMMITTED',
    lines: [{ inTransit: 0, delivered: 0, committed: 20 }],
    steps: [{}, {}, {}, { act: 'REJECT', quantity: 12, reason: 'expired' }, { act: 'REJECT' }],
  });
  const { rows } = await world.pool.query('SELECT id FROM supply_shipment WHERE returns_id = $1', [
    id,
  ]);
  expect(rows).toHaveLength(1);
  expect(await receive(rows[0].id, 12, as(supplier))).toMatchObject({
    __typename: 'BatchNotUsable',
  });
  const returned = (handling: string) => reject(rows[0].id, 12, { handling }, as(supplier));
  expect(await returned('SEND_BACK')).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await returned('DESTROY')).toMatchObject({ rejected: 12, inTransit: 0 });
  await receiveLitres(world, { organisation: supplier }, item, 20);
  expect(await dispatch(commitment, 20)).toMatchObject({ quantity: 20 });
});

test('a batch that expires before it arrives is not dispatched', async () => {
  const usableUntil = world.inMinutes(60);
  const { commitment } = await committed(20, facility, { batch: 'B-3', usableUntil });
  const late = { batch: 'B-3', expectedAt: world.inMinutes(60) };
  expect(await dispatch(commitment, 20, late)).toMatchObject({ __typename: 'ExpiredSupply' });
  expect(
    await dispatch(commitment, 20, { ...late, expectedAt: world.inMinutes(59) }),
  ).toMatchObject({
    batchUsableUntil: usableUntil,
  });
});

test('the receiver states the date on the pack where its own stock of the batch has another date', async () => {
  const [sent, known] = [world.inMinutes(600), world.inMinutes(500)];
  const { commitment } = await committed(20, facility, { batch: 'B-4', usableUntil: sent });
  await receiveLitres(world, { facility }, item, 1, { batch: 'B-4', usableUntil: known });
  const { id } = await dispatch(commitment, 20, { batch: 'B-4' });
  expect(await receive(id, 20)).toMatchObject({ __typename: 'ConflictingBatch' });
  const stated = (usableUntil: string) => receive(id, 20, staffOf(facility), { usableUntil });
  expect(await stated('0001-01-01T00:00:00Z')).toMatchObject({
    __typename: 'SupplyTimeOutOfRange',
  });
  expect(await stated('9999-12-31T23:59:59Z')).toMatchObject({
    __typename: 'SupplyTimeOutOfRange',
  });
  expect(await stated(known)).toMatchObject({ received: 20 });
});

test('only those who may receive a shipment reject it', async () => {
  const { commitment } = await committed(10);
  const { id } = await dispatch(commitment, 10);
  expect((await reject(id, 1, {}, as(supplier))).code).toBe('FORBIDDEN');
  expect((await reject(id, 1, {}, as(competitor))).__typename).toBe('UnknownSupplyShipment');
  expect((await reject(id, 1, { unit: 'PACK' })).__typename).toBe('WrongUnit');
  for (const bad of [{ quantity: 0 }, { quantity: 0.0001 }, { reason: ' ' }]) {
    expect((await reject(id, 1, bad)).code).toBe('BAD_USER_INPUT');
  }
  const staff: TestIdentity = { role: 'crisis-staff', areas: ['05'] };
  expect(await reject(id, 1, {}, staff)).toMatchObject({ rejected: 1, inTransit: 9 });
});

test('receipts and rejections of 50 callers at once together never exceed what was dispatched', async () => {
  const { commitment } = await committed(20);
  const { id } = await dispatch(commitment, 20);
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? receive(id, 1) : reject(id, 1))),
  );
  expect(outcomes.filter(({ __typename }) => __typename === 'SupplyShipment')).toHaveLength(20);
});

test('nobody but the sender dispatches, and nobody but the facility and crisis staff of its area receives', async () => {
  const { commitment } = await committed(10);
  expect((await dispatch(commitment, 1, {}, as(competitor))).__typename).toBe(
    'UnknownSupplyCommitment',
  );
  expect((await dispatch(commitment, 1, {}, staffOf(facility))).code).toBe('FORBIDDEN');
  const { id } = await dispatch(commitment, 10);
  expect((await receive(id, 1, as(supplier))).code).toBe('FORBIDDEN');
  expect((await receive(id, 1, as(competitor))).__typename).toBe('UnknownSupplyShipment');
  expect((await receive(id, 1, staffOf(others[0]!))).__typename).toBe('UnknownSupplyShipment');
  const elsewhere: TestIdentity = { role: 'crisis-staff', areas: ['09'] };
  expect((await receive(id, 1, elsewhere)).__typename).toBe('UnknownSupplyShipment');
  expect(await receive(id, 1, { role: 'crisis-staff', areas: ['05'] })).toMatchObject({
    received: 1,
  });
});

test('100 callers who receive the same shipment at once together never receive more than was dispatched', async () => {
  const { request, commitment } = await committed(50);
  const { id } = await dispatch(commitment, 50);
  const before = await stocks();
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => receive(id, 1)));
  expect(outcomes.filter(({ __typename }) => __typename === 'SupplyShipment')).toHaveLength(50);
  expect(await stocks()).toEqual({ ...before, facility: before.facility + 50 });
  expect(await requestAs(world, request)).toMatchObject({
    status: 'RECEIVED',
    lines: [{ inTransit: 0 }],
  });
});

test('the same dispatch repeated is done once', async () => {
  const { commitment } = await committed(10);
  const key = { idempotencyKey: randomUUID() };
  const [first, second] = [await dispatch(commitment, 5, key), await dispatch(commitment, 5, key)];
  expect(second.id).toBe(first.id);
  expect(await dispatch(commitment, 6)).toMatchObject({ notDispatched: 5 });
});

test('a shipment that is on its way when its request is cancelled is still received', async () => {
  const { request, commitment } = await committed(100);
  const { id } = await dispatch(commitment, 30);
  await send(world, 'cancelSupplyRequest', { request, reason: 'enough' }, staffOf(facility));
  expect(await dispatch(commitment, 1)).toMatchObject({
    __typename: 'CommitmentExceeded',
    notDispatched: 0,
  });
  expect(await receive(id, 30)).toMatchObject({ received: 30 });
  expect(await requestAs(world, request)).toMatchObject({
    status: 'CANCELLED',
    lines: [{ committed: 30, delivered: 30, open: 0 }],
  });
});
