import { randomUUID } from 'node:crypto';
import { inputTypeOf, codesOf } from '../../../shared/testing/graphql-response.js';
import { UNKNOWN_ID } from '../../../shared/testing/unknown-id.js';
import { send } from '../testing/requests.js';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld({ hasFacilities: false });
});
afterAll(() => world.close());

const LAND: TestIdentity = { role: 'crisis-staff', areas: ['05'] };

const changeRaw = (field: string, input: object, who: TestIdentity = LAND) => {
  const type = inputTypeOf(field);
  return world.request(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on Refusal { message }
      ${field === 'releaseReserve' ? RELEASE : RESERVE} } }`,
    { input: { idempotencyKey: randomUUID(), ...input } },
    who,
  );
};
const COVER = '{ severePatients lightPatients patients days }';
const RESERVE = `... on Reserve { id readiness packets target cover ${COVER} organisation { id } }`;
const RELEASE = `... on ReserveRelease { id packets forArea reason releasedAt readyAt cover ${COVER}
  reserve { readiness packets cover ${COVER} releases { packets reason } } }
  ... on NotEnoughPackets { availablePackets requestedPackets } ... on UnknownReserve { reserveId }`;

const change = async (field: string, input: object, who?: TestIdentity) =>
  (await changeRaw(field, input, who)).data[field];

async function newReserve(changes: object = {}) {
  const organisation = await newOrganisation(world, { kind: 'HOSPITAL_PHARMACY' });
  const { id } = await change('registerReserve', { ...reserve(organisation), ...changes });
  return { id: id as string, organisation };
}
const reserve = (organisation: string) => ({
  organisation,
  kind: 'MEDICAL_PACKET',
  name: 'Sanitätsmaterial',
  releaseArea: '05',
  releaseRule: 'in a disaster, by the Land',
  readinessHours: 4,
  packets: 3,
});
const releaseOf = (id: string, changes: object = {}) => ({
  reserve: id,
  packets: 1,
  forArea: '05315',
  reason: 'mass casualty',
  ...changes,
});
const list = async (who: TestIdentity, filter: object = {}) =>
  (
    await world.request(
      'query ($filter: ReserveFilter) { reserves(filter: $filter, first: 500) { nodes { id readiness } totalCount } }',
      { filter },
      who,
    )
  ).data.reserves.nodes.map(({ id }: { id: string }) => id);

test('releasing one packet moves exactly its cover, and the reserve is to be replenished', async () => {
  const { id } = await newReserve();
  const released = await change('releaseReserve', releaseOf(id));
  expect(released).toMatchObject({
    __typename: 'ReserveRelease',
    packets: 1,
    forArea: '05315',
    reason: 'mass casualty',
    cover: { severePatients: 150, lightPatients: 100, patients: 250, days: 3 },
    releasedAt: world.clock.now.toISOString(),
    readyAt: world.inHours(4),
    reserve: {
      readiness: 'REPLENISH',
      packets: 2,
      cover: { severePatients: 300, lightPatients: 200, patients: 500, days: 3 },
      releases: [{ packets: 1, reason: 'mass casualty' }],
    },
  });
  expect(await list(LAND, { readiness: 'REPLENISH' })).toContain(id);
  expect(await list(LAND, { readiness: 'READY' })).not.toContain(id);
  expect(await change('replenishReserve', { reserve: id, packets: 1 })).toMatchObject({
    __typename: 'Reserve',
    readiness: 'READY',
    packets: 3,
  });
  expect((await world.eventsOf({ entity: id })).map(({ topic }) => topic)).toEqual([
    'supply.reserve-registered',
    'supply.reserve-released',
    'supply.reserve-replenished',
  ]);
});

test('twenty releases at once release no packet twice', async () => {
  const { id } = await newReserve();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => change('releaseReserve', releaseOf(id))),
  );
  const kinds = outcomes.map(({ __typename: kind }) => kind as string).sort();
  expect(kinds).toEqual([
    ...Array<string>(17).fill('NotEnoughPackets'),
    ...Array<string>(3).fill('ReserveRelease'),
  ]);
});

test('with one key a release is done once', async () => {
  const { id } = await newReserve();
  const input = { ...releaseOf(id), idempotencyKey: randomUUID() };
  const outcomes = await Promise.all(
    Array.from({ length: 5 }, () => change('releaseReserve', input)),
  );
  expect(new Set(outcomes.map((one) => one.id)).size).toBe(1);
  expect(outcomes[4].reserve.packets).toBe(2);
});

test('a change of a reserve that cannot be is refused, and nothing is stored or published', async () => {
  const { id, organisation } = await newReserve();
  const before = await world.eventCount();
  expect(await change('releaseReserve', releaseOf(id, { packets: 4 }))).toMatchObject({
    __typename: 'NotEnoughPackets',
    availablePackets: 3,
    requestedPackets: 4,
  });
  expect(await change('replenishReserve', { reserve: id, packets: 1 })).toMatchObject({
    __typename: 'TooManyPackets',
  });
  expect(await change('registerReserve', reserve(organisation))).toMatchObject({
    __typename: 'ReserveExists',
  });
  expect(await change('registerReserve', reserve(UNKNOWN_ID))).toMatchObject({
    __typename: 'UnknownOrganisation',
  });
  expect(await change('releaseReserve', releaseOf('the packets'))).toMatchObject({
    reserveId: 'the packets',
  });
  for (const wrong of [releaseOf(id, { packets: 0 }), releaseOf(id, { reason: ' ' })]) {
    expect(codesOf(await changeRaw('releaseReserve', wrong))).toEqual(['BAD_USER_INPUT']);
  }
  const everywhere: TestIdentity = { role: 'crisis-staff', areas: [''] };
  const elsewhere = { ...reserve(organisation), name: 'elsewhere', releaseArea: '09' };
  expect(codesOf(await changeRaw('registerReserve', elsewhere, everywhere))).toEqual([
    'BAD_USER_INPUT',
  ]);
  expect(await world.eventCount()).toBe(before);
});

test('only the level that the release rule names releases, and to other areas the reserve does not exist', async () => {
  const { id, organisation } = await newReserve();
  const kreis: TestIdentity = { role: 'crisis-staff', areas: ['05315'] };
  expect(codesOf(await changeRaw('releaseReserve', releaseOf(id), kreis))).toEqual(['FORBIDDEN']);
  const bavaria: TestIdentity = { role: 'crisis-staff', areas: ['09'] };
  expect(await change('releaseReserve', releaseOf(id), bavaria)).toMatchObject({ reserveId: id });
  expect(
    codesOf(await changeRaw('releaseReserve', releaseOf(id), supplierOf(organisation))),
  ).toEqual(['FORBIDDEN']);
  const office: TestIdentity = { role: 'health-office', areas: ['05'] };
  expect(await change('releaseReserve', releaseOf(id), office)).toMatchObject({ packets: 1 });
});

test('a reserve is seen by who keeps it and by authorities of its area', async () => {
  const { id, organisation } = await newReserve();
  const other = await newOrganisation(world);
  for (const who of [LAND, supplierOf(organisation)]) expect(await list(who)).toContain(id);
  const strangers: TestIdentity[] = [
    supplierOf(other),
    { role: 'dispatch', areas: ['05'] },
    { role: 'crisis-staff', areas: ['09'] },
    { role: 'hospital', facilities: [UNKNOWN_ID] },
  ];
  for (const who of strangers) expect(await list(who)).not.toContain(id);
});

const stockOf = async (reserve: string) => {
  const { rows } = await world.pool.query(
    `SELECT b.quantity::float8 AS packets, array(SELECT kind || ' ' || change::float8 || ' ' || by || ': ' || reason
       FROM stock_booking WHERE stock_id = b.stock_id ORDER BY seq) AS bookings
     FROM stock_batch b WHERE b.batch = $1`,
    [reserve],
  );
  return rows[0];
};

test('every packet is booked: who registered, released and replenished how many, and why', async () => {
  const { id } = await newReserve();
  await change('releaseReserve', releaseOf(id, { packets: 2 }));
  await change('replenishReserve', { reserve: id, packets: 1 });
  const { packets, bookings } = await stockOf(id);
  expect(packets).toBe(2);
  expect(bookings).toEqual([
    expect.stringMatching(/^RECEIPT 3 .+: Reserve Sanitätsmaterial was registered\.$/),
    expect.stringMatching(/^ISSUE -2 .+: mass casualty$/),
    expect.stringMatching(/^RECEIPT 1 .+: Reserve Sanitätsmaterial was replenished\.$/),
  ]);
});

test('a packet that the pharmacy itself takes out of its stock is missing in the reserve, and is not released', async () => {
  const { id, organisation } = await newReserve();
  const booking = { organisation, kind: 'ISSUE', quantity: 2, unit: 'PIECE', batch: id };
  const item = (await world.pool.query('SELECT item_id FROM reserve WHERE id = $1', [id])).rows[0];
  await send(
    world,
    'bookStock',
    { booking: { ...booking, item: item.item_id } },
    supplierOf(organisation),
  );
  expect(await change('releaseReserve', releaseOf(id, { packets: 2 }))).toMatchObject({
    __typename: 'NotEnoughPackets',
    availablePackets: 1,
  });
  expect(await list(LAND, { readiness: 'REPLENISH' })).toContain(id);
});

test('changes of a reserve are delivered to those who see it, and to nobody else', async () => {
  const watched =
    'subscription ($after: String) { reserveChanged(after: $after) { reserve { id packets } } }';
  const { data } = await world.request('{ supplyCursor }');
  const { id, organisation } = await newReserve();
  const after = data.supplyCursor;
  const keeper = await newOrganisation(world);
  const watches = [
    await world.watch(watched, { after }, LAND),
    await world.watch(watched, { after }, supplierOf(organisation)),
  ];
  const stranger = await world.watch(watched, { after }, supplierOf(keeper));
  const packets = async (watch: (typeof watches)[number]) => {
    const { value } = await watch.next();
    const { reserve: changed } = value.data.reserveChanged;
    return [changed.id, changed.packets];
  };
  for (const watch of watches) expect(await packets(watch)).toEqual([id, 3]);
  await change('releaseReserve', releaseOf(id));
  for (const watch of watches) expect(await packets(watch)).toEqual([id, 2]);
  const own = await change('registerReserve', reserve(keeper));
  expect(await packets(stranger)).toEqual([own.id, 3]);
  await Promise.all([...watches, stranger].map((watch) => watch.return!()));
});
