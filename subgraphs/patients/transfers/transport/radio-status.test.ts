import { DAY_MINUTES, MINUTE_MS } from '../../../../shared/time/rules.js';
import { DISPATCH, ELSEWHERE, newIncident } from '../../testing/casualties.js';
import {
  accepted,
  assign,
  done,
  openFacilities,
  radio,
  transferOf,
} from '../../testing/journeys.js';
import { patientsWorld, type PatientsWorld, staffOf } from '../../testing/patients-world.js';

let world: PatientsWorld;
let incident: string;
let facility: string;
let other: string;
beforeAll(async () => {
  world = await patientsWorld();
  [facility, other] = (await openFacilities(world, 2)) as [string, string];
  incident = await newIncident(world);
});
afterAll(() => world.close());

let vehicles = 0;
/** A vehicle of its own, sent for patients to the given facilities; and how it reports. */
async function sent(to: string[], means = 'LARGE_ITW') {
  const vehicle = `Köln 2-83-${(vehicles += 1)}`;
  const transfers: string[] = [];
  for (const one of to) transfers.push(await accepted(world, incident, one));
  if (transfers.length > 0) await assign(world, transfers, { vehicle, means });
  const says = async (status: number, changes: object = {}) => {
    world.later(1);
    const { data } = await radio(world, status, { vehicle, ...changes });
    return data.reportVehicleStatus;
  };
  const statuses = async () => {
    const rows = await Promise.all(transfers.map((id) => transferOf(world, id)));
    return rows.map(({ status }) => status);
  };
  return { vehicle, transfers, says, statuses };
}

test('3, 4, 7, 8 bring the patient to the facility, and the facility hands over', async () => {
  const { says, statuses, transfers } = await sent([facility], 'RTW');
  expect((await says(3)).radioStatus).toBe(3);
  await says(4);
  expect(await statuses()).toEqual(['TRANSPORT_ASSIGNED']);
  await says(7);
  expect(await statuses()).toEqual(['UNDER_WAY']);
  await says(8);
  expect(await statuses()).toEqual(['ARRIVED']);
  await done(world, staffOf(facility), 'handOver', { transfer: transfers[0] });
  expect((await transferOf(world, transfers[0]!)).steps.slice(-5)).toEqual([
    { status: 'TRANSPORT_ASSIGNED', by: DISPATCH.subject },
    { status: 'PICKED_UP', by: DISPATCH.subject },
    { status: 'UNDER_WAY', by: DISPATCH.subject },
    { status: 'ARRIVED', by: DISPATCH.subject },
    { status: 'HANDED_OVER', by: staffOf(facility).subject },
  ]);
});

test('an 8 without a 7 moves nobody and is shown at the vehicle and at the patient', async () => {
  const { says, statuses, transfers } = await sent([facility], 'RTW');
  await says(3);
  const { inconsistencies } = await says(8);
  expect(await statuses()).toEqual(['TRANSPORT_ASSIGNED']);
  expect(inconsistencies).toEqual([
    {
      status: 8,
      at: world.clock.now.toISOString(),
      by: DISPATCH.subject,
      inconsistency: 'ARRIVED_WITHOUT_PATIENT',
    },
  ]);
  const shown = { status: 8, inconsistency: 'ARRIVED_WITHOUT_PATIENT' };
  expect((await transferOf(world, transfers[0]!)).inconsistencies).toEqual([shown]);
  // Called by radio, the crew reports again, and properly.
  await says(7);
  await says(8);
  expect(await statuses()).toEqual(['ARRIVED']);
  expect((await transferOf(world, transfers[0]!)).inconsistencies).toEqual([shown]);
});

test('subscribers of the patient receive an inconsistency', async () => {
  const { says, transfers } = await sent([facility], 'RTW');
  const { data } = await world.request('{ patientsCursor }', {}, DISPATCH);
  await says(8);
  const watched = await world.watch(
    'subscription ($after: String) { transferChanged(after: $after) { transfer { id inconsistencies { status } } } }',
    { after: data.patientsCursor },
    DISPATCH,
  );
  expect((await watched.next()).value!['data'].transferChanged.transfer).toEqual({
    id: transfers[0],
    inconsistencies: [{ status: 8 }],
  });
  await watched.return!(undefined);
});

test('a vehicle that is free with a patient on board is inconsistent', async () => {
  const { says, statuses } = await sent([facility], 'RTW');
  await says(7);
  const { inconsistencies } = await says(1);
  expect(inconsistencies).toMatchObject([{ status: 1, inconsistency: 'FREE_WITH_PATIENT' }]);
  expect(await statuses()).toEqual(['UNDER_WAY']);
});

test('an 8 before the new destination has accepted is inconsistent', async () => {
  const { says, statuses, transfers } = await sent([facility], 'RTW');
  await says(7);
  const [transfer] = transfers;
  await done(world, DISPATCH, 'divertTransfer', { transfer, to: other, reason: 'CT failed.' });
  const { inconsistencies } = await says(8);
  expect(inconsistencies).toMatchObject([{ status: 8, inconsistency: 'ARRIVED_UNACCEPTED' }]);
  expect(await statuses()).toEqual(['DIVERTED']);
  await done(world, staffOf(other), 'acceptTransfer', { transfer });
  await says(8);
  expect(await statuses()).toEqual(['ARRIVED']);
});

test('with patients for two facilities an 8 needs to say which', async () => {
  const { says, statuses } = await sent([facility, other]);
  await says(7);
  expect(await says(8)).toMatchObject({
    __typename: 'DestinationUnclear',
    message: expect.stringMatching(/facility is missing/),
  });
  const wrong = await says(8, { facility: '00000000-0000-4000-8000-000000000000' });
  expect(wrong.message).toMatch(/facility is none of them/);
  expect(wrong.destinations.map(({ id }: any) => id).sort()).toEqual([facility, other].sort());
  await says(8, { facility: other });
  expect(await statuses()).toEqual(['UNDER_WAY', 'ARRIVED']);
  await says(8);
  expect(await statuses()).toEqual(['ARRIVED', 'ARRIVED']);
});

test('a caller who passes it on and sees none of the patients does not learn where they go', async () => {
  const { vehicle, says } = await sent([facility, other]);
  await says(7);
  const words = [];
  for (const facility of [undefined, '00000000-0000-4000-8000-000000000000']) {
    world.later(1);
    const changes = { vehicle, ...(facility ? { facility } : {}) };
    const { data } = await radio(world, 8, changes, { role: 'service', areas: [''] });
    expect(data.reportVehicleStatus).toMatchObject({
      __typename: 'DestinationUnclear',
      destinations: [],
    });
    words.push(data.reportVehicleStatus.message);
  }
  expect(words.join()).not.toMatch(/2 destinations/);
});

test('a 7 that names a facility takes up nobody from elsewhere', async () => {
  const { says, statuses } = await sent([facility]);
  await says(7, { facility: other });
  expect(await statuses()).toEqual(['TRANSPORT_ASSIGNED']);
});

test('a repeated report changes nothing, an older one moves nobody', async () => {
  const { says, statuses, vehicle } = await sent([facility], 'RTW');
  await says(3);
  const at = world.clock.now;
  await says(3, { at });
  const before = new Date(at.getTime() - MINUTE_MS);
  expect((await says(7, { at: before })).radioStatus).toBe(3);
  expect(await statuses()).toEqual(['TRANSPORT_ASSIGNED']);
  const { data } = await world.request(
    'query ($callSign: String!) { vehicle(callSign: $callSign) { radioStatusAt reports { status at } } }',
    { callSign: vehicle },
    DISPATCH,
  );
  expect(data.vehicle).toEqual({
    radioStatusAt: at.toISOString(),
    reports: [
      { status: 3, at: at.toISOString() },
      { status: 7, at: before.toISOString() },
    ],
  });
});

test('a report from a clock that runs ahead does not keep later ones from moving the patient', async () => {
  const { says, statuses } = await sent([facility], 'RTW');
  const ahead = new Date(world.clock.now.getTime() + 6 * MINUTE_MS);
  expect(await says(4, { at: ahead })).toMatchObject({
    radioStatus: 4,
    radioStatusAt: world.clock.now.toISOString(),
  });
  expect((await says(7)).radioStatus).toBe(7);
  expect(await statuses()).toEqual(['UNDER_WAY']);
  await says(4, { at: ahead });
  expect((await says(8)).radioStatus).toBe(8);
  expect(await statuses()).toEqual(['ARRIVED']);
});

test('an 8 pressed again says nothing new, also when the vehicle requested to speak in between', async () => {
  const { says } = await sent([facility], 'RTW');
  await says(7);
  await says(8);
  await says(5);
  expect((await says(8)).inconsistencies).toEqual([]);
});

test('twenty equal reports at once are one', async () => {
  const { vehicle, transfers } = await sent([facility], 'RTW');
  const at = world.later(1);
  await Promise.all(Array.from({ length: 20 }, () => radio(world, 7, { vehicle, at })));
  const { steps } = await transferOf(world, transfers[0]!);
  expect(steps.filter(({ status }: any) => status === 'PICKED_UP')).toHaveLength(1);
});

test('a caller who passes radio on sees no patient by it', async () => {
  const { vehicle } = await sent([facility], 'RTW');
  const { data } = await radio(world, 3, { vehicle }, { role: 'service', areas: [''] });
  expect(data.reportVehicleStatus).toMatchObject({ radioStatus: 3, transfers: [] });
});

test('only the control room of the vehicle passes its radio on', async () => {
  const { vehicle } = await sent([facility], 'RTW');
  const { errors } = await radio(world, 3, { vehicle }, ELSEWHERE);
  expect(errors![0]!.extensions.code).toBe('FORBIDDEN');
  const staff = await radio(world, 3, { vehicle }, staffOf(facility));
  expect(staff.errors![0]!.extensions.code).toBe('FORBIDDEN');
});

test('a call sign with a character that does not show names the same vehicle', async () => {
  const { vehicle, statuses } = await sent([facility], 'RTW');
  const { data } = await radio(world, 7, { vehicle: vehicle.replace(' ', '\u00a0\u200b') });
  expect(data.reportVehicleStatus).toMatchObject({ radioStatus: 7 });
  expect(await statuses()).toEqual(['UNDER_WAY']);
});

test('a vehicle that was never assigned is not known', async () => {
  const { data } = await radio(world, 3, { vehicle: 'Bonn 1-83-1' });
  expect(data.reportVehicleStatus).toMatchObject({
    __typename: 'UnknownVehicle',
    callSign: 'Bonn 1-83-1',
  });
});

test('a report from the future or from the day before yesterday is refused', async () => {
  const { vehicle } = await sent([facility], 'RTW');
  for (const minutes of [6, -DAY_MINUTES - 1]) {
    const at = new Date(world.clock.now.getTime() + minutes * MINUTE_MS);
    const { data } = await radio(world, 3, { vehicle, at });
    expect(data.reportVehicleStatus).toMatchObject({
      __typename: 'ReportTimeOutOfRange',
      at: at.toISOString(),
    });
  }
});

test.each([
  [-1, 'Köln 1-83-1', /status lies between 0 and 9; received -1/],
  [10, 'Köln 1-83-1', /status lies between 0 and 9; received 10/],
  [3, '', /vehicle is a radio call sign/],
])('a report of status %i of "%s" is refused as bad input', async (status, vehicle, message) => {
  const { errors } = await radio(world, status, { vehicle });
  expect(errors![0]).toMatchObject({
    extensions: { code: 'BAD_USER_INPUT' },
    message: expect.stringMatching(message),
  });
});
