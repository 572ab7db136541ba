import { UNKNOWN_ID } from '../../../../shared/testing/unknown-id.js';
import { DISPATCH, ELSEWHERE, newIncident, newKey, newPatient } from '../../testing/casualties.js';
import {
  accepted,
  assign,
  done,
  openFacilities,
  requested,
  transferOf,
} from '../../testing/journeys.js';
import {
  CONTROL_ROOM,
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';

let world: PatientsWorld;
let incident: string;
let facilities: string[];
let facility: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await openFacilities(world, 2);
  [facility] = facilities as [string, string];
  incident = await newIncident(world);
});
afterAll(() => world.close());

const SK_II = { category: 'SK_II', physician: true };
let vehicles = 0;
const callSign = () => `Köln 1-83-${(vehicles += 1)}`;

test('a vehicle is sent to a patient whose destination has accepted', async () => {
  const transfer = await accepted(world, incident, facility);
  const vehicle = callSign();
  const estimatedArrival = '2026-01-15T09:20:00.000Z';
  const { data } = await assign(world, [transfer], { vehicle, estimatedArrival });
  expect(data.assignTransport).toMatchObject({
    __typename: 'Vehicle',
    callSign: vehicle,
    means: 'RTW',
    area: '05315',
    places: 1,
    radioStatus: null,
    transfers: [{ id: transfer, status: 'TRANSPORT_ASSIGNED' }],
  });
  const stored = await transferOf(world, transfer);
  expect(stored).toMatchObject({ status: 'TRANSPORT_ASSIGNED', means: 'RTW', estimatedArrival });
  expect(stored.vehicle.callSign).toBe(vehicle);
  expect(stored.steps.at(-1)).toEqual({ status: 'TRANSPORT_ASSIGNED', by: DISPATCH.subject });
});

test('the same call again sends it once, and the key for other patients is refused', async () => {
  const [one, other] = [
    await accepted(world, incident, facility),
    await accepted(world, incident, facility),
  ];
  const same = { vehicle: callSign(), idempotencyKey: newKey() };
  const first = await assign(world, [one], same);
  const again = await assign(world, [one], same);
  expect(again.data.assignTransport.id).toBe(first.data.assignTransport.id);
  const { steps } = await transferOf(world, one);
  expect(steps.filter(({ status }: any) => status === 'TRANSPORT_ASSIGNED')).toHaveLength(1);
  const { data } = await assign(world, [other], same);
  expect(data.assignTransport.__typename).toBe('IdempotencyKeyReused');
});

test('before the destination has accepted no vehicle is sent', async () => {
  const transfer = await requested(world, incident, facility);
  const { data } = await assign(world, [transfer], { vehicle: callSign() });
  expect(data.assignTransport).toMatchObject({
    __typename: 'StepNotPossible',
    status: 'DESTINATION_REQUESTED',
    act: 'ASSIGN_TRANSPORT',
  });
});

test('means that do not fit the patient are refused with those that do', async () => {
  const transfer = await accepted(world, incident, facility, { category: 'SK_I' });
  const { data } = await assign(world, [transfer], { vehicle: callSign(), means: 'KTW' });
  expect(data.assignTransport).toMatchObject({
    __typename: 'TransportUnfit',
    transfer: { id: transfer },
    misfits: ['MEANS_UNSUITABLE'],
    suitable: ['RTW', 'ITW', 'RTH', 'ITH', 'LARGE_ITW', 'MEDEVAC'],
  });
});

test('a patient in danger of death is not sent without a physician', async () => {
  const transfer = await accepted(world, incident, facility, {
    category: 'SK_I',
    ventilated: true,
  });
  const vehicle = callSign();
  const { data } = await assign(world, [transfer], { vehicle });
  expect(data.assignTransport.misfits).toEqual(['PHYSICIAN_MISSING', 'VENTILATOR_MISSING']);
  const manned = await assign(world, [transfer], { vehicle, physician: true, ventilator: true });
  expect(manned.data.assignTransport).toMatchObject({ physician: true, ventilator: true });
});

test('one of several patients who does not fit keeps all of them back', async () => {
  const light = await accepted(world, incident, facility, { category: 'SK_III' });
  const severe = await accepted(world, incident, facility);
  const { data } = await assign(world, [light, severe], { vehicle: callSign(), means: 'BUS' });
  expect(data.assignTransport).toMatchObject({ transfer: { id: severe } });
  expect((await transferOf(world, light)).status).toBe('ACCEPTED');
});

test('an occupied vehicle is full, and free again when its patient goes by another', async () => {
  const [one, other] = [
    await accepted(world, incident, facility),
    await accepted(world, incident, facility),
  ];
  const vehicle = callSign();
  await assign(world, [one], { vehicle });
  const { data } = await assign(world, [other], { vehicle });
  expect(data.assignTransport).toMatchObject({ __typename: 'VehicleFull', places: 1, left: 0 });
  await assign(world, [one], { vehicle: callSign() });
  const freed = await assign(world, [other], { vehicle });
  expect(freed.data.assignTransport.transfers).toEqual([
    { id: other, status: 'TRANSPORT_ASSIGNED' },
  ]);
});

test('one of ten requests for the last room of a vehicle at once gets it', async () => {
  const transfers: string[] = [];
  for (let count = 0; count < 10; count += 1)
    transfers.push(await accepted(world, incident, facility));
  const vehicle = callSign();
  const outcomes = await Promise.all(transfers.map((one) => assign(world, [one], { vehicle })));
  const kinds = outcomes.map(({ data }) => data.assignTransport.__typename).sort();
  expect(kinds).toEqual(['Vehicle', ...Array<string>(9).fill('VehicleFull')]);
});

test('the large ambulance takes four, also one after the other, and keeps its physician for them', async () => {
  const transfers: string[] = [];
  for (let count = 0; count < 5; count += 1)
    transfers.push(await accepted(world, incident, facility));
  const large = { vehicle: callSign(), means: 'LARGE_ITW' };
  await assign(world, transfers.slice(0, 3), { ...large, physician: true });
  const { data } = await assign(world, transfers.slice(3, 5), large);
  expect(data.assignTransport).toMatchObject({ __typename: 'VehicleFull', places: 4, left: 1 });
  const last = await assign(world, transfers.slice(3, 4), large);
  expect(last.data.assignTransport.transfers).toHaveLength(4);
  expect(last.data.assignTransport.physician).toBe(true);
});

test('a KTW of the Katastrophenschutz takes two who are slightly injured', async () => {
  const transfers: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    transfers.push(await accepted(world, incident, facility, { category: 'SK_III' }));
  }
  const transferRequest = { vehicle: callSign(), means: 'KATS_KTW' };
  const { data } = await assign(world, transfers, transferRequest);
  expect(data.assignTransport).toMatchObject({ __typename: 'VehicleFull', places: 2, left: 2 });
  const sent = await assign(world, transfers.slice(0, 2), transferRequest);
  expect(sent.data.assignTransport).toMatchObject({ means: 'KATS_KTW', places: 2 });
});

test('a call sign stays with its means and its area', async () => {
  const [one, other] = [
    await accepted(world, incident, facility),
    await accepted(world, incident, facility),
  ];
  const vehicle = callSign();
  await assign(world, [one], { vehicle });
  for (const changes of [{ means: 'ITW' }, { area: '05314' }]) {
    const { data } = await assign(world, [other], { vehicle, ...changes }, CONTROL_ROOM);
    expect(data.assignTransport).toMatchObject({
      __typename: 'VehicleIsAnother',
      means: 'RTW',
      area: '05315',
    });
  }
});

describe('a vehicle is sent by those who lead in its area:', () => {
  const NRW: TestIdentity = { role: 'crisis-staff', areas: ['05'], subject: 'staff of the Land' };
  const codeOf = async (...args: Parameters<typeof assign>) => {
    const { data, errors } = await assign(...args);
    return errors?.[0]!.extensions.code ?? data.assignTransport.__typename;
  };

  test('a control room neither takes one of elsewhere nor registers one there', async () => {
    const [one, other] = [
      await accepted(world, incident, facility),
      await accepted(world, incident, facility),
    ];
    const abroad = { vehicle: callSign(), area: '05314' };
    expect(await codeOf(world, [one], abroad)).toBe('FORBIDDEN');
    expect(await codeOf(world, [one], abroad, NRW)).toBe('Vehicle');
    const { vehicle } = abroad;
    expect(await codeOf(world, [other], { vehicle })).toBe('VehicleElsewhere');
    expect(await codeOf(world, [other], { vehicle, means: 'KTW' })).toBe('VehicleElsewhere');
  });

  test('a facility orders those of the Kreis it lies in, for its own patients', async () => {
    const from = facilities[1]!;
    const patient = await newPatient(world, { facility: from }, SK_II, staffOf(from));
    const { id } = await done(world, staffOf(from), 'requestTransfer', {
      patient,
      kind: 'SECONDARY',
      bedCategory: 'NORMAL_WARD',
      idempotencyKey: newKey(),
    });
    await world.pool.query(
      `UPDATE transfer SET status = 'ACCEPTED', to_facility = $2, to_area = '05315' WHERE id = $1`,
      [id, facility],
    );
    const vehicle = callSign();
    for (const area of ['05', '05314']) {
      expect(await codeOf(world, [id], { vehicle, area }, staffOf(from))).toBe('FORBIDDEN');
    }
    expect(await codeOf(world, [id], { vehicle }, staffOf(from))).toBe('Vehicle');
  });
});

describe('a patient whom the caller does not see', () => {
  const BONN: TestIdentity = { role: 'dispatch', areas: ['05314'], subject: 'dispatcher in Bonn' };
  /** As after an earlier transfer: the patient of an incident in Cologne is in a facility in Bonn. */
  const inBonn = async (changes: object = {}) => {
    const transfer = await accepted(world, incident, facility, changes);
    await world.pool.query(
      `UPDATE transfer SET kind = 'SECONDARY', from_area = '05314', from_facility = $2 WHERE id = $1`,
      [transfer, '6f1c3f0e-0000-4000-8000-000000000002'],
    );
    return transfer;
  };

  test('a full vehicle does not reveal how many it carries', async () => {
    const large = { vehicle: callSign(), means: 'LARGE_ITW', area: '05314' };
    const hidden = await accepted(world, incident, facility);
    await assign(world, [hidden], large, CONTROL_ROOM);
    const own = await Promise.all(Array.from({ length: 4 }, () => inBonn()));
    const { data } = await assign(world, own, large, BONN);
    expect(data.assignTransport).toMatchObject({
      __typename: 'VehicleFull',
      places: 4,
      left: null,
    });
    expect(data.assignTransport.message).not.toMatch(/[123] of 4/);
    const seen = await assign(world, own, large, CONTROL_ROOM);
    expect(seen.data.assignTransport).toMatchObject({ left: 3 });
  });

  test('a misfit reveals neither the category of a hidden patient nor their needs', async () => {
    const transfer = await inBonn({ category: 'SK_I', ventilated: true });
    const { data } = await assign(world, [transfer], { vehicle: callSign(), means: 'KTW' }, BONN);
    expect(data.assignTransport).toMatchObject({
      __typename: 'TransportUnfit',
      transfer: { id: transfer },
      misfits: [],
      suitable: [],
    });
    expect(data.assignTransport.message).not.toMatch(/SK_I|VENTILATOR|RTW/);
  });
});

test('a vehicle that drops out is called off, and another is looked for', async () => {
  const transfer = await accepted(world, incident, facility);
  await assign(world, [transfer], { vehicle: callSign() });
  await done(world, DISPATCH, 'seekTransport', { transfer, reason: 'Engine failure.' });
  expect(await transferOf(world, transfer)).toMatchObject({
    status: 'TRANSPORT_SOUGHT',
    means: null,
    vehicle: null,
  });
  const { data } = await assign(world, [transfer], { vehicle: callSign() });
  expect(data.assignTransport.__typename).toBe('Vehicle');
});

test('a vehicle that carries the patient cannot be called off', async () => {
  const transfer = await requested(world, incident, facility);
  await expect(
    done(world, DISPATCH, 'seekTransport', { transfer, reason: 'None left.' }),
  ).rejects.toThrow(/SEEK_TRANSPORT needs one that is ACCEPTED/);
});

test('a transfer that is hidden and one that is missing are refused in the same words', async () => {
  const hidden = await accepted(world, incident, facility);
  const outcomes = await Promise.all(
    [hidden, UNKNOWN_ID].map((id) => assign(world, [id], { vehicle: callSign() }, ELSEWHERE)),
  );
  const words = outcomes.map(({ data }, index) => {
    const { message, ...rest } = data.assignTransport;
    return [message.replaceAll([hidden, UNKNOWN_ID][index]!, 'ID'), rest.__typename];
  });
  expect(words[0]).toEqual(words[1]);
  expect(words[0]![1]).toBe('UnknownTransfer');
});

test('the destination sees the transfer and may not send vehicles for it', async () => {
  const transfer = await accepted(world, incident, facility);
  const { errors } = await assign(world, [transfer], { vehicle: callSign() }, staffOf(facility));
  expect(errors![0]!.extensions.code).toBe('FORBIDDEN');
});

test.each<[string, object, RegExp]>([
  ['no patient', { transfers: [] }, /transfers names 1 to 50 transfers; received 0/],
  ['too many', { transfers: Array(51).fill('x') }, /1 to 50 transfers; received 51/],
  ['one twice', { transfers: ['x', 'x'] }, /each transfer once/],
  ['no call sign', { vehicle: ' ' }, /vehicle is a radio call sign of 1 to 40 characters/],
  ['a long call sign', { vehicle: 'x'.repeat(41) }, /vehicle is a radio call sign/],
  ['no area', { area: 'NRW' }, /area is an AGS prefix of 2, 3 or 5 digits; received "NRW"/],
])('an assignment of %s is refused as bad input', async (_, changes, message) => {
  const { errors } = await assign(world, ['x'], changes);
  expect(errors![0]).toMatchObject({
    extensions: { code: 'BAD_USER_INPUT' },
    message: expect.stringMatching(message),
  });
});

test.each(['2026-01-15T08:54:00.000Z', '2026-01-22T09:01:00.000Z'])(
  'an assignment with an arrival at %s, long ago or too far ahead, is refused with the limits',
  async (estimatedArrival) => {
    const { data } = await assign(world, ['x'], { estimatedArrival });
    expect(data!['assignTransport']).toMatchObject({
      __typename: 'EstimatedArrivalOutOfRange',
      message: expect.stringContaining(
        'between 2026-01-15T08:55:00.000Z and 2026-01-22T09:00:00.000Z',
      ),
    });
  },
);

test('a vehicle is shown to its area, to callers who see a patient of it, and to nobody else', async () => {
  const transfer = await accepted(world, incident, facility);
  const vehicle = callSign();
  await assign(world, [transfer], { vehicle, area: '05314' }, CONTROL_ROOM);
  const query = 'query ($callSign: String!) { vehicle(callSign: $callSign) { transfers { id } } }';
  const shown = async (who: TestIdentity, name = vehicle) =>
    (await world.request(query, { callSign: name }, who)).data.vehicle;
  const mine = { transfers: [{ id: transfer }] };
  expect(await shown(DISPATCH)).toEqual(mine);
  expect(await shown(staffOf(facility))).toEqual(mine);
  expect(await shown({ role: 'dispatch', areas: ['05314'] })).toEqual({ transfers: [] });
  expect(await shown({ role: 'service', areas: [''] })).toEqual({ transfers: [] });
  expect(await shown(staffOf(facilities[1]!))).toBeNull();
  expect(await shown(ELSEWHERE)).toBeNull();
  expect(await shown(DISPATCH, 'nobody')).toBeNull();
});

test('the dead are not sent on the way', async () => {
  const transfer = await accepted(world, incident, facility);
  const { rows } = await world.pool.query('SELECT patient_id FROM transfer WHERE id = $1', [
    transfer,
  ]);
  await done(world, DISPATCH, 'triagePatient', {
    patient: rows[0].patient_id,
    physician: true,
    category: 'EX',
    idempotencyKey: newKey(),
  });
  const { data } = await assign(world, [transfer], { vehicle: callSign() });
  expect(data.assignTransport).toMatchObject({
    message: expect.stringMatching(/^The transfer has ended as DIED/),
  });
});

test('a refusal sends no event, an assignment sends one to the subscribers of the transfer', async () => {
  const transfer = await accepted(world, incident, facility, { category: 'SK_III' });
  const { data } = await world.request('{ patientsCursor }', {}, DISPATCH);
  const eventsBefore = await world.eventCount();
  await assign(world, [transfer], { vehicle: callSign(), means: 'NEF' });
  expect(await world.eventCount()).toBe(eventsBefore);
  await assign(world, [transfer], { vehicle: callSign(), means: 'KTW' });
  const watched = await world.watch(
    'subscription ($after: String) { transferChanged(after: $after) { transfer { id status means } } }',
    { after: data.patientsCursor },
    DISPATCH,
  );
  const { value } = await watched.next();
  expect(value!['data'].transferChanged.transfer).toEqual({
    id: transfer,
    status: 'TRANSPORT_ASSIGNED',
    means: 'KTW',
  });
  await watched.return!(undefined);
});
