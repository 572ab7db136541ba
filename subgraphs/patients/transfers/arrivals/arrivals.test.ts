import { DISPATCH, ELSEWHERE, MUNICH, newIncident } from '../../testing/casualties.js';
import {
  accepted,
  assign,
  done,
  openFacilities,
  radio,
  requested,
} from '../../testing/journeys.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';

let world: PatientsWorld;
let incident: string;
let facilities: string[];
let facility: string;
let other: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await openFacilities(world, 28);
  incident = await newIncident(world);
});
/** Every test has two facilities to which nobody is on the way. */
beforeEach(() => {
  [facility, other] = facilities.splice(0, 2) as [string, string];
});
afterAll(() => world.close());

const INBOUND = `query ($facilities: [_Any!]!) { _entities(representations: $facilities) { ... on Facility { id inbound {
  id transfer { id } category needs ventilated physicianEscort status means estimatedArrival } } } }`;

/** Sends the request of the gateway for facilities that capacity has returned. */
const inbound = (who: TestIdentity, ids: string[]) =>
  world.request(INBOUND, { facilities: ids.map((id) => ({ __typename: 'Facility', id })) }, who);
const inboundAt = async (id: string, who: TestIdentity = staffOf(id)) => {
  const { data, errors } = await inbound(who, [id]);
  if (errors) throw new Error(JSON.stringify(errors));
  return data._entities[0].inbound;
};

test('a facility sees which patients are requested or coming, by which means and when, and their needs', async () => {
  const patient = {
    category: 'SK_I',
    needs: ['NEUROSURGERY'],
    ventilated: true,
    physicianEscort: true,
  };
  const transfer = await requested(world, incident, facility, patient);
  expect(await inboundAt(facility)).toEqual([
    {
      id: expect.any(String),
      transfer: { id: transfer },
      ...patient,
      status: 'DESTINATION_REQUESTED',
      means: null,
      estimatedArrival: null,
    },
  ]);
  const [{ id }] = await inboundAt(facility);
  await done(world, staffOf(facility), 'acceptTransfer', { transfer });
  const estimatedArrival = '2026-01-15T09:30:00.000Z';
  await assign(world, [transfer], { vehicle: 'Köln 1-84-1', means: 'ITW', estimatedArrival });
  expect(await inboundAt(facility)).toMatchObject([
    { id, status: 'TRANSPORT_ASSIGNED', means: 'ITW', estimatedArrival },
  ]);
});

test('patients come in the order of their expected arrival, those without one last', async () => {
  const [untimed, late, early] = [
    await accepted(world, incident, facility),
    await accepted(world, incident, facility),
    await accepted(world, incident, facility),
  ];
  const times = { [late]: '2026-01-15T09:40:00.000Z', [early]: '2026-01-15T09:20:00.000Z' };
  for (const [index, [id, estimatedArrival]] of Object.entries(times).entries()) {
    await assign(world, [id], { vehicle: `Köln 1-83-${index}`, estimatedArrival });
  }
  const order = (await inboundAt(facility)).map(({ transfer }: any) => transfer.id);
  expect(order).toEqual([early, late, untimed]);
});

test('a patient is inbound until the hand-over, also after the arrival', async () => {
  const transfer = await accepted(world, incident, facility);
  const vehicle = 'Köln 1-83-9';
  await assign(world, [transfer], { vehicle });
  for (const status of [7, 8]) await radio(world, status, { vehicle, at: world.later(1) });
  expect(await inboundAt(facility)).toMatchObject([{ status: 'ARRIVED' }]);
  await done(world, staffOf(facility), 'handOver', { transfer });
  expect(await inboundAt(facility)).toEqual([]);
});

test('a facility that refused no longer sees the patient', async () => {
  const transfer = await requested(world, incident, facility);
  await done(world, staffOf(facility), 'refuseTransfer', { transfer, reason: 'CT failed.' });
  expect(await inboundAt(facility)).toEqual([]);
});

test('the control room of the scene sees its patients, another facility and another area none', async () => {
  await accepted(world, incident, facility);
  expect(await inboundAt(facility, DISPATCH)).toHaveLength(1);
  expect(await inboundAt(facility, staffOf(other))).toEqual([]);
  expect(await inboundAt(facility, ELSEWHERE)).toEqual([]);
});

test.each([
  'health-office',
  'spoc',
  'chamber',
  'supplier',
  'family-information',
  'partner',
  'service',
])('as %s nobody learns whether someone is coming', async (role) => {
  await accepted(world, incident, facility);
  const { data, errors } = await inbound({ role, areas: [''] }, [facility]);
  expect(data._entities[0].inbound).toBeNull();
  expect(errors![0]!.extensions.code).toBe('FORBIDDEN');
});

test('one request reads many facilities, and an unknown one has no inbound patients', async () => {
  await accepted(world, incident, facility);
  await accepted(world, incident, other);
  const { data } = await inbound(DISPATCH, [facility, other, 'no-such-facility']);
  const counts = data._entities.map(({ inbound }: any) => inbound.length);
  expect(counts).toEqual([1, 1, 0]);
});

test('the count is of all who come for the facility and those who lead its area, and else of those whom one sees', async () => {
  const transfers = [
    await accepted(world, incident, facility),
    await requested(world, incident, facility),
  ];
  // Their scene lies elsewhere: callers who lead the Kreis of the facility read how many patients come, and not which.
  await world.pool.query(
    'UPDATE patient SET area = $1 WHERE id IN (SELECT patient_id FROM transfer WHERE id = ANY ($2::uuid[]))',
    [MUNICH, transfers],
  );
  const countFor = async (who: TestIdentity, id = facility) => {
    const { data } = await world.request(
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Facility { inboundCount inbound { id } } } }',
      { refs: [{ __typename: 'Facility', id }] },
      who,
    );
    const [{ inboundCount, inbound: seen }] = data._entities;
    return [inboundCount, seen?.length];
  };
  expect(await countFor(staffOf(facility))).toEqual([2, 2]);
  expect(await countFor(DISPATCH)).toEqual([2, 0]);
  expect(await countFor(ELSEWHERE)).toEqual([2, 2]);
  expect(await countFor({ ...ELSEWHERE, areas: ['02'] })).toEqual([0, 0]);
  expect(await countFor(staffOf(other))).toEqual([0, 0]);
  expect(await countFor(DISPATCH, other)).toEqual([0, 0]);
  expect(await countFor({ role: 'health-office', areas: [''] })).toEqual([null, undefined]);
});
