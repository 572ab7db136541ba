import { randomUUID } from 'node:crypto';
import { facilitiesIn } from '../testing/facilities.js';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import { requestAs, requestLitres, send } from '../testing/requests.js';
import {
  staffOf,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../testing/supply-world.js';

let world: SupplyWorld;
let facility: string;
let packet: string;
beforeAll(async () => {
  world = await supplyWorld({ modelled: true });
  [facility] = (await facilitiesIn(world, '05111')) as [string];
  const { data } = await world.request(
    '{ items(filter: { text: "Basispaket" }) { nodes { id } } }',
  );
  packet = data.items.nodes[0].id;
});
afterAll(() => world.close());

const LAND: TestIdentity = { role: 'crisis-staff', areas: ['05'], subject: 'staff of the Land' };

async function newReserve(changes: object = {}) {
  const organisation = await newOrganisation(world, { kind: 'HOSPITAL_PHARMACY' });
  const input = {
    organisation,
    kind: 'MEDICAL_PACKET',
    name: 'Sanitätsmaterial',
    releaseArea: '05',
    releaseRule: 'in a disaster',
    readinessHours: 4,
    packets: 3,
    ...changes,
  };
  const { data } = await world.request(
    `mutation ($input: RegisterReserveInput!) { registerReserve(input: $input) { ... on Reserve { id method } } }`,
    { input: { ...input, idempotencyKey: randomUUID() } },
    LAND,
  );
  return { id: data.registerReserve.id as string, organisation };
}
const release = async (reserve: string, changes: object = {}, who = LAND) => {
  const input = { reserve, packets: 2, forArea: '05', reason: 'mass casualty', ...changes };
  const { data, errors } = await world.request(
    `mutation ($input: ReleaseReserveInput!) { releaseReserve(input: $input) { __typename ... on Refusal { message }
      ... on ReserveRelease { by packets shipment { id inTransit expectedAt supplyRequest { id } } reserve { packets readiness } } } }`,
    { input: { ...input, idempotencyKey: randomUUID() } },
    who,
  );
  return data?.releaseReserve ?? errors;
};
const requested = (quantity: number, changes: object = {}) => {
  const line = { item: packet, quantity, unit: 'PIECE', ...changes };
  return requestLitres(world, { facility, item: packet }, { lines: [line] });
};

test('packets are released to the request of a hospital, are on their way, and arrive in its stock', async () => {
  const { id } = await newReserve();
  const request = await requested(2);
  const released = await release(id, { line: request.lines[0].id });
  expect(released).toMatchObject({
    __typename: 'ReserveRelease',
    packets: 2,
    by: expect.any(String),
    reserve: { packets: 1, readiness: 'REPLENISH' },
    shipment: {
      inTransit: 2,
      supplyRequest: { id: request.id },
      expectedAt: world.inHours(4),
    },
  });
  expect(await requestAs(world, request.id)).toMatchObject({
    status: 'DISPATCHED',
    lines: [{ committed: 2, inTransit: 2 }],
    steps: [{ act: 'REQUEST' }, { act: 'COMMIT' }, { act: 'DISPATCH', reason: 'mass casualty' }],
  });
  const receipt = { shipment: released.shipment.id, quantity: 2, unit: 'PIECE' };
  expect(await send(world, 'receiveShipment', receipt, staffOf(facility))).toMatchObject({
    received: 2,
  });
  expect(await requestAs(world, request.id)).toMatchObject({ status: 'RECEIVED' });
});

test('a release that its request does not allow changes nothing', async () => {
  const { id } = await newReserve();
  const [small, other] = [
    await requested(1),
    await requested(5, { item: 'pzn:00194323', unit: 'PACK' }),
  ];
  const events = await world.eventCount();
  const lineOf = (request: any) => ({ line: request.lines[0].id });
  expect(await release(id, lineOf(small))).toMatchObject({ __typename: 'OverCommitted' });
  expect(await release(id, lineOf(other))).toMatchObject({ __typename: 'LineOfOtherItem' });
  expect(await release(id, { line: randomUUID() })).toMatchObject({
    __typename: 'UnknownSupplyLine',
  });
  expect(await world.eventCount()).toBe(events);
  await send(
    world,
    'cancelSupplyRequest',
    { request: small.id, reason: 'enough' },
    staffOf(facility),
  );
  expect(await release(id, { packets: 1, ...lineOf(small) })).toMatchObject({
    __typename: 'SupplyRequestEnded',
  });
  expect(await release(id, { packets: 3 })).toMatchObject({
    reserve: { packets: 0 },
    shipment: null,
  });
});

test('two releases at once to the same line together never exceed what it requests', async () => {
  const [one, two] = [await newReserve(), await newReserve()];
  const request = await requested(3);
  const line = request.lines[0].id;
  const outcomes = await Promise.all([one, two].map(({ id }) => release(id, { line })));
  expect(outcomes.map((outcome) => outcome.__typename).sort()).toEqual([
    'OverCommitted',
    'ReserveRelease',
  ]);
});

test('each Land has modelled packets by its inhabitants until packets are registered, and nobody releases them', async () => {
  const reservesOf = async (area: string) => {
    const { data } = await world.request(
      `query ($area: String!) { reserves(filter: { area: $area }) { nodes { id method packets target releaseArea cover { patients } } } }`,
      { area },
    );
    return data.reserves.nodes;
  };
  const saxony = await reservesOf('14');
  expect(saxony).toEqual([
    {
      id: expect.any(String),
      method: 'MODELLED',
      packets: 7,
      target: 7,
      releaseArea: '14',
      cover: { patients: 1_750 },
    },
  ]);
  const everywhere: TestIdentity = { role: 'crisis-staff', areas: [''] };
  expect(await release(saxony[0].id, {}, everywhere)).toMatchObject({
    __typename: 'ReserveNotConfirmed',
  });
  const { rows } = await world.pool.query(
    'SELECT count(*)::int AS count, sum(target)::int AS packets FROM reserve WHERE modelled_packets IS NOT NULL',
  );
  expect(rows).toEqual([{ count: 16, packets: 143 }]);
  const methodsIn = async (land: string) =>
    (await reservesOf(land)).map(({ method }: { method: string }) => method);
  await newReserve();
  // One site of the Land is known; the others are not hidden by it.
  expect(await methodsIn('05')).toEqual(expect.arrayContaining(['REPORTED', 'MODELLED']));
  await world.pool.query(
    `UPDATE reserve SET target = 1000 WHERE modelled_packets IS NULL AND kind = 'MEDICAL_PACKET'`,
  );
  expect(new Set(await methodsIn('05'))).toEqual(new Set(['REPORTED']));
});

test('a supplier that keeps a reserve sees the release and its shipment, and another one neither', async () => {
  const { id, organisation } = await newReserve();
  const request = await requested(1);
  await release(id, { packets: 1, line: request.lines[0].id });
  const released = async (who: TestIdentity) => {
    const { data } = await world.request(
      `{ reserves(first: 500) { nodes { id releases { packets shipment { inTransit } } } } }`,
      {},
      who,
    );
    return data.reserves.nodes.find((one: any) => one.id === id)?.releases;
  };
  const one = [{ packets: 1, shipment: { inTransit: 1 } }];
  expect(await released(supplierOf(organisation))).toEqual(one);
  // The reserve is kept in their Kreis, the hospital lies in another one.
  const staff: TestIdentity = { role: 'crisis-staff', areas: ['05315'] };
  expect(await released(staff)).toEqual([{ packets: 1, shipment: null }]);
  expect(await released(supplierOf(await newOrganisation(world)))).toBeUndefined();
});
