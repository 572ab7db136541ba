import { newIncident } from '../../testing/casualties.js';
import { accepted, assign, done, openFacilities } from '../../testing/journeys.js';
import {
  CONTROL_ROOM,
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
} from '../../testing/patients-world.js';

const KOELN = '05315';
const BONN = '05314';
const inCologne: TestIdentity = {
  role: 'dispatch',
  areas: [KOELN],
  subject: 'dispatcher in Cologne',
};
const inBonn: TestIdentity = { role: 'dispatch', areas: [BONN], subject: 'dispatcher in Bonn' };
const ofTheLand: TestIdentity = {
  role: 'crisis-staff',
  areas: ['05'],
  subject: 'staff of the Land',
};

let world: PatientsWorld;
let incident: string;
let facility: string;
beforeAll(async () => {
  world = await patientsWorld();
  [facility] = (await openFacilities(world, 1)) as [string];
  incident = await newIncident(world);
});
afterAll(() => world.close());

let vehicles = 0;
/** A vehicle led in Bonn that waits for its next patient. */
async function fromBonn(): Promise<string> {
  const vehicle = `Bonn 1-83-${(vehicles += 1)}`;
  const transfer = await accepted(world, incident, facility);
  await assign(world, [transfer], { vehicle, area: BONN }, CONTROL_ROOM);
  await done(world, CONTROL_ROOM, 'seekTransport', { transfer, reason: 'Sent elsewhere.' });
  return vehicle;
}
const lend = (vehicle: string, area: string, who: TestIdentity) =>
  world.request(
    `mutation ($input: LendVehicleInput!) { lendVehicle(input: $input) {
      __typename ... on Refusal { message } ... on Vehicle { callSign area region { code } }
      ... on VehicleInUse { callSign passengers } ... on UnknownVehicle { callSign } } }`,
    { input: { vehicle, area } },
    who,
  );
const lent = async (...args: Parameters<typeof lend>) => (await lend(...args)).data.lendVehicle;
const codeOf = async (...args: Parameters<typeof lend>) =>
  (await lend(...args)).errors?.[0]!.extensions.code;
const send = async (vehicle: string, who: TestIdentity = inCologne) =>
  (await assign(world, [await accepted(world, incident, facility)], { vehicle }, who)).data
    .assignTransport;

test('a vehicle of another area is refused with the area that leads it, and sent once it is lent', async () => {
  const vehicle = await fromBonn();
  const refused = await world.request(
    `mutation ($input: AssignTransportInput!) { assignTransport(input: $input) {
      ... on VehicleElsewhere { message callSign area region { code } } } }`,
    {
      input: {
        transfers: [await accepted(world, incident, facility)],
        vehicle,
        means: 'RTW',
        idempotencyKey: 'elsewhere',
      },
    },
    inCologne,
  );
  expect(refused.data.assignTransport).toEqual({
    message: expect.stringContaining('lendVehicle'),
    callSign: vehicle,
    area: BONN,
    region: { code: BONN },
  });
  expect(await lent(vehicle, KOELN, inBonn)).toEqual({
    __typename: 'Vehicle',
    callSign: vehicle,
    area: KOELN,
    region: { code: KOELN },
  });
  expect(await send(vehicle)).toMatchObject({ __typename: 'Vehicle', area: KOELN });
});

test('a repetition changes nothing, and lending sends no event', async () => {
  const vehicle = await fromBonn();
  const eventsBefore = await world.eventCount();
  const first = await lent(vehicle, KOELN, inBonn);
  expect(await lent(vehicle, KOELN, inBonn)).toEqual(first);
  expect(await lent(vehicle, KOELN, inCologne)).toEqual(first);
  expect(await world.eventCount()).toBe(eventsBefore);
});

test('an area around it lends it too, and the area that borrowed it returns it', async () => {
  const vehicle = await fromBonn();
  expect(await lent(vehicle, KOELN, ofTheLand)).toMatchObject({ area: KOELN });
  expect(await lent(vehicle, BONN, inBonn)).toMatchObject({ __typename: 'VehicleElsewhere' });
  expect(await lent(vehicle, BONN, inCologne)).toMatchObject({ area: BONN });
});

test.each<[string, TestIdentity, string]>([
  ['a control room that does not lead it', inCologne, 'VehicleElsewhere'],
  ['a facility', { role: 'hospital', facilities: [KOELN] }, 'VehicleElsewhere'],
  [
    'a facility whose token names the area',
    { role: 'hospital', areas: [BONN] },
    'VehicleElsewhere',
  ],
  ['a radio system of the area', { role: 'service', areas: [BONN] }, 'FORBIDDEN'],
  ['a SPoC', { role: 'spoc', areas: ['05'] }, 'FORBIDDEN'],
])('%s lends nothing', async (_, who, outcome) => {
  const vehicle = await fromBonn();
  const { data, errors } = await lend(vehicle, KOELN, who);
  expect(errors?.[0]!.extensions.code ?? data.lendVehicle.__typename).toBe(outcome);
  expect(await send(vehicle)).toMatchObject({ __typename: 'VehicleElsewhere' });
});

test('a vehicle with patients stays where it is led until they have arrived', async () => {
  const vehicle = await fromBonn();
  const transfer = await accepted(world, incident, facility);
  await assign(world, [transfer], { vehicle }, CONTROL_ROOM);
  // Bonn leads the vehicle, and sees none of the patients of Cologne.
  expect(await lent(vehicle, KOELN, inBonn)).toMatchObject({
    __typename: 'VehicleInUse',
    callSign: vehicle,
    passengers: null,
  });
  expect(await lent(vehicle, KOELN, ofTheLand)).toMatchObject({ passengers: 1 });
  for (const status of [7, 8]) {
    world.later(1);
    const input = { vehicle, status, at: world.clock.now };
    await done(world, CONTROL_ROOM, 'reportVehicleStatus', input);
  }
  expect(await lent(vehicle, KOELN, inBonn)).toMatchObject({ area: KOELN });
});

test('lent and sent at once: either it is sent and stays, or it is lent and no longer sent from there', async () => {
  for (let n = 0; n < 5; n += 1) {
    const vehicle = await fromBonn();
    const transfer = await accepted(world, incident, facility);
    await world.pool.query(`UPDATE transfer SET from_area = '05314' WHERE id = $1`, [transfer]);
    const [sending, lending] = await Promise.all([
      assign(world, [transfer], { vehicle }, { ...ofTheLand, areas: ['05314', '05315'] }),
      lent(vehicle, '09162', ofTheLand),
    ]);
    const outcomes = [sending.data.assignTransport.__typename, lending.__typename];
    expect([
      ['Vehicle', 'VehicleInUse'],
      ['VehicleElsewhere', 'Vehicle'],
    ]).toContainEqual(outcomes);
  }
});

test('a text that is no call sign, no area or no vehicle is refused', async () => {
  expect(await codeOf(' ', KOELN, inBonn)).toBe('BAD_USER_INPUT');
  expect(await codeOf('Bonn 1-83-1', 'NRW', inBonn)).toBe('BAD_USER_INPUT');
  expect(await lent('Nirgends 1', KOELN, inBonn)).toMatchObject({
    __typename: 'UnknownVehicle',
    callSign: 'Nirgends 1',
  });
});
