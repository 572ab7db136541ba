import { randomUUID } from 'node:crypto';
import { facilitiesIn } from '../testing/facilities.js';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import {
  itemsIn,
  receiveLitres,
  requestAs,
  requestLitres,
  send,
  stocksOf,
} from '../testing/requests.js';
import {
  staffOf,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../testing/supply-world.js';

let world: SupplyWorld;
let facility: string;
let item: string;
let supplier: string;
beforeAll(async () => {
  world = await supplyWorld();
  [facility] = (await facilitiesIn(world, '05')) as [string];
});
let used = 0;
beforeEach(async () => {
  item = (await itemsIn(world, 'LITRE'))[used++]!;
  supplier = await newOrganisation(world);
});
afterAll(() => world.close());

const office: TestIdentity = { role: 'health-office', areas: ['05'] };
const asSupplier = (): TestIdentity => {
  return { ...supplierOf(supplier), areas: ['05'], subject: supplier };
};
/** Dispatches 100 of batch R1, or without a batch number. */
const dispatched = async (batch: string | null = 'R1') => {
  const stocked = batch === null ? {} : { batch };
  await receiveLitres(world, { organisation: supplier }, item, 100, stocked);
  const request = await requestLitres(world, { facility, item, quantity: 100 });
  const line = request.lines[0].id as string;
  const part = { organisation: supplier, quantity: 100, unit: 'LITRE' };
  const { id: commitment } = await send(world, 'commitSupply', { line, ...part }, asSupplier());
  const sent = { commitment, quantity: 100, unit: 'LITRE', ...stocked };
  const { id } = await send(world, 'dispatchShipment', sent, asSupplier());
  return { request: request.id as string, shipment: id as string };
};
const recall = async (area = '05') => {
  const { data } = await world.request(
    `mutation ($input: RecallBatchInput!) { recallBatch(input: $input) { ... on BatchRecall {
      holdings { quantity unknownBatch stock { facility { id } organisation { id } usableQuantity } }
      inTransit { shipmentId quantity unknownBatch facility { id } organisation { id } } } } }`,
    { input: { item, batch: 'R1', area, reason: 'particles', idempotencyKey: randomUUID() } },
    area === '05' ? office : undefined,
  );
  return data.recallBatch;
};
const part = (shipment: string, quantity = 100) => ({ shipment, quantity, unit: 'LITRE' });
const receive = (shipment: string, who = staffOf(facility)) =>
  send(world, 'receiveShipment', part(shipment), who);
const reject = (shipment: string) =>
  send(
    world,
    'rejectShipment',
    { ...part(shipment), handling: 'SEND_BACK', reason: 'recalled' },
    staffOf(facility),
  );
const returnsOf = async (shipment: string): Promise<string[]> => {
  const { rows } = await world.pool.query('SELECT id FROM supply_shipment WHERE returns_id = $1', [
    shipment,
  ]);
  return rows.map(({ id }) => id);
};

test('a recalled shipment under way is listed with its receiver, refused on arrival, rejected and back at its sender', async () => {
  const { request, shipment } = await dispatched();
  expect(await recall()).toEqual({
    holdings: [],
    inTransit: [
      {
        shipmentId: shipment,
        quantity: 100,
        unknownBatch: false,
        facility: { id: facility },
        organisation: null,
      },
    ],
  });
  const before = await stocksOf(world, item);
  const refused = await receive(shipment);
  expect(refused).toMatchObject({ __typename: 'BatchNotUsable' });
  expect(refused.message).toMatch('rejectShipment');
  expect(await stocksOf(world, item)).toEqual(before);
  expect(await requestAs(world, request)).toMatchObject({ lines: [{ inTransit: 100 }] });
  expect(await reject(shipment)).toMatchObject({ rejected: 100, inTransit: 0 });
  const [back] = (await returnsOf(shipment)) as [string];
  expect((await recall('')).inTransit).toMatchObject([
    { shipmentId: back, quantity: 100, facility: null, organisation: { id: supplier } },
  ]);
  expect(await receive(back, asSupplier())).toMatchObject({ received: 100 });
  expect(await recall('')).toMatchObject({
    holdings: [{ quantity: 100, stock: { organisation: { id: supplier }, usableQuantity: 0 } }],
    inTransit: [],
  });
});

test('a shipment without a known batch is listed for review and may be received', async () => {
  const { shipment } = await dispatched(null);
  expect((await recall()).inTransit).toMatchObject([{ shipmentId: shipment, unknownBatch: true }]);
  expect(await receive(shipment)).toMatchObject({ received: 100 });
});

test('a shipment to a receiver outside the area of the recall is neither listed nor refused', async () => {
  const { shipment } = await dispatched();
  expect((await recall('09')).inTransit).toEqual([]);
  expect(await receive(shipment)).toMatchObject({ received: 100 });
});

test('packs that are recalled after they arrived go back to their sender, and to nobody else', async () => {
  const { shipment } = await dispatched();
  await receive(shipment);
  expect((await recall()).holdings).toMatchObject([{ quantity: 100 }]);
  const back = { ...part(shipment), reason: 'recalled' };
  const returned = await send(world, 'returnShipment', back, staffOf(facility));
  expect(returned).toMatchObject({ isReturn: true, inTransit: 100 });
  expect(await stocksOf(world, item)).toMatchObject({ [facility]: 0 });
  const stranger = { ...supplierOf(await newOrganisation(world)), areas: ['05'] };
  expect(await receive(returned.id, stranger)).toMatchObject({
    __typename: 'UnknownSupplyShipment',
  });
  expect(await receive(returned.id, asSupplier())).toMatchObject({ received: 100 });
});

test('a receipt and a recall at once leave nothing usable at the receiver', async () => {
  const { shipment } = await dispatched();
  const [received, recalled] = await Promise.all([receive(shipment), recall()]);
  const { holdings, inTransit } = recalled;
  if (received.__typename === 'BatchNotUsable') {
    expect(inTransit).toMatchObject([{ shipmentId: shipment, quantity: 100 }]);
  } else {
    expect((await recall()).holdings).toMatchObject([{ stock: { usableQuantity: 0 } }]);
  }
  expect(holdings.length).toBeLessThanOrEqual(1);
});
