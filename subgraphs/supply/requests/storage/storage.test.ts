import { facilitiesIn } from '../../testing/facilities.js';
import { newOrganisation, supplierOf } from '../../testing/organisations.js';
import { itemsIn, receiveLitres, requestLitres, send, stocksOf } from '../../testing/requests.js';
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
const committed = async (quantity: number, at: string) => {
  await receiveLitres(world, { organisation: supplier }, item, quantity);
  const request = await requestLitres(world, { facility: at, item, quantity });
  const commitment = { organisation: supplier, quantity, unit: 'LITRE' };
  const line = request.lines[0].id as string;
  return (await send(world, 'commitSupply', { ...commitment, line }, as(supplier))).id as string;
};
const dispatch = (commitment: string, quantity: number) =>
  send(world, 'dispatchShipment', { commitment, quantity, unit: 'LITRE' }, as(supplier));
const stocks = () => stocksOf(world, item);

test('a delivery larger than the free storage is refused before it leaves, with what is on its way counted', async () => {
  const at = others[0]!;
  const room = { facility: at, kind: 'AMBIENT', unit: 'LITRE', capacity: 500, free: 100 };
  const storage = (await world.pool.query('SELECT storage FROM item WHERE id = $1', [item])).rows[0]
    .storage;
  const declare = (changes: object = {}, who = staffOf(at)) =>
    send(world, 'declareStorage', { ...room, kind: storage, ...changes }, who);
  expect((await declare({ free: 501 })).code).toBe('BAD_USER_INPUT');
  expect((await declare({}, staffOf(facility))).code).toBe('FORBIDDEN');
  expect((await declare()).__typename).toBe('StorageSite');
  const commitment = await committed(300, at);
  const before = await stocks();
  expect(await dispatch(commitment, 101)).toMatchObject({
    __typename: 'StorageExceeded',
    atMost: 100,
  });
  expect(await stocks()).toEqual(before);
  const first = await dispatch(commitment, 70);
  expect(await dispatch(commitment, 31)).toMatchObject({
    __typename: 'StorageExceeded',
    atMost: 30,
  });
  const receipt = { shipment: first.id, quantity: 70, unit: 'LITRE' };
  await send(world, 'receiveShipment', receipt, staffOf(at));
  expect(await dispatch(commitment, 31)).toMatchObject({
    __typename: 'StorageExceeded',
    atMost: 30,
  });
  await declare({ free: 400 });
  expect(await dispatch(commitment, 230)).toMatchObject({ quantity: 230 });
});

test.each([
  ['AMBIENT', 'COLD'],
  ['COLD', 'AMBIENT'],
])(
  'a delivery that is stored %s is not refused because the %s storage is full',
  async (need, full) => {
    const at = others[2]!;
    const litres = await itemStored(need);
    const declare = (kind: string, free: number) => {
      const room = { facility: at, kind, unit: 'PACK', capacity: 500, free };
      return send(world, 'declareStorage', room, staffOf(at));
    };
    await declare(full, 0);
    await declare(need, 50);
    const line = { item: litres, quantity: 60, unit: 'PACK' };
    const { lines } = await requestLitres(world, { facility: at, item: litres }, { lines: [line] });
    const stocked = { organisation: supplier, item: litres, quantity: 100, unit: 'PACK' };
    await send(world, 'bookStock', { booking: { ...stocked, kind: 'RECEIPT' } }, as(supplier));
    const commitment = { line: lines[0].id, organisation: supplier, quantity: 60, unit: 'PACK' };
    const { id } = await send(world, 'commitSupply', commitment, as(supplier));
    const sent = (quantity: number) =>
      send(world, 'dispatchShipment', { commitment: id, quantity, unit: 'PACK' }, as(supplier));
    expect(await sent(51)).toMatchObject({ __typename: 'StorageExceeded', atMost: 50 });
    expect(await sent(50)).toMatchObject({ __typename: 'SupplyShipment', quantity: 50 });
  },
);

/** Returns an item that is counted in packs and has to be stored in a way. */
async function itemStored(storage: string): Promise<string> {
  const { rows } = await world.pool.query(
    `SELECT id FROM item WHERE unit = 'PACK' AND storage = $1::"StorageNeed" ORDER BY name, id LIMIT 1`,
    [storage],
  );
  return rows[0].id;
}

test('declared storage is read at the facility by those who see its stocks, and by nobody else', async () => {
  const at = others[1]!;
  const room = { kind: 'COLD', unit: 'LITRE', capacity: 50, free: 10.5 };
  await send(world, 'declareStorage', { facility: at, ...room }, staffOf(at));
  await send(world, 'declareStorage', { facility: at, ...room, kind: 'AMBIENT' }, staffOf(at));
  const sitesAs = async (who: TestIdentity) => {
    const { data } = await world.request(
      `query ($at: ID!) { _entities(representations: [{ __typename: "Facility", id: $at }]) {
        ... on Facility { storageSites { kind unit capacity free } } } }`,
      { at },
      who,
    );
    return data._entities[0].storageSites;
  };
  const both = [room, { ...room, kind: 'AMBIENT' }];
  for (const who of [staffOf(at), { role: 'dispatch', areas: ['05'] } as TestIdentity]) {
    expect(await sitesAs(who)).toEqual(both);
  }
  const strangers: TestIdentity[] = [
    staffOf(facility),
    as(supplier),
    { role: 'crisis-staff' as const, areas: ['09'] },
  ];
  for (const who of strangers) expect(await sitesAs(who)).toBeNull();
});

test('an organisation reads its own storage, and a competitor does not', async () => {
  const room = { kind: 'COLD', unit: 'PACK', capacity: 50, free: 10 };
  await send(world, 'declareStorage', { organisation: supplier, ...room }, as(supplier));
  const sitesAs = async (who: TestIdentity) =>
    (
      await world.request(
        'query ($id: ID!) { organisation(id: $id) { storageSites { kind free } } }',
        { id: supplier },
        who,
      )
    ).data.organisation.storageSites;
  expect(await sitesAs(as(supplier))).toEqual([{ kind: 'COLD', free: 10 }]);
  expect(await sitesAs(as(competitor))).toBeNull();
});
