import { eachOnce } from '../../../../shared/testing/each-once.js';
import { UNKNOWN_ID } from '../../../../shared/testing/unknown-id.js';
import { facilitiesIn, newIncident } from '../../testing/casualties.js';
import {
  CONTROL_ROOM,
  patientsWorld,
  type PatientsWorld,
  staffOf,
} from '../../testing/patients-world.js';
import {
  bedsOf,
  call,
  callRaw,
  drive,
  giveBeds,
  primary,
  register,
  reservedAt,
  transferOf,
} from '../../testing/transfers.js';

let world: PatientsWorld;
let facilities: string[];
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 40);
  await giveBeds(world, facilities, 3);
  incident = await newIncident(world);
});
afterAll(() => world.close());

/** A facility that no other test uses. */
const newFacility = eachOnce(() => facilities);
const casualty = async (changes: object = {}) =>
  (await register(world, { incident }, 1, changes))[0]!;
const requested = async (to: string) =>
  (await call(world, 'requestTransfer', primary(await casualty(), { to }))).id as string;
const accepted = async (facility: string) => {
  const transfer = await requested(facility);
  await call(world, 'acceptTransfer', { transfer }, staffOf(facility));
  return transfer;
};
const patientOf = async (id: string) => {
  const { data } = await world.request(
    'query ($id: ID!) { patient(id: $id) { category diedAt location { facility { id } } transfer { id status } } }',
    { id },
  );
  return data.patient;
};
const ELSEWHERE = { role: 'dispatch', areas: ['14'], subject: 'control room of Saxony' };

test('from the scene to the hand-over: each step has one actor and one time, and the slot is used', async () => {
  const facility = newFacility();
  const transfer = await accepted(facility);
  world.later(1);
  await drive(world, transfer, [3, 7]);
  expect(await transferOf(world, transfer)).toMatchObject({ status: 'UNDER_WAY', means: 'RTW' });
  expect(await bedsOf(world, facility)).toMatchObject({ free: 2, reserved: 1, occupied: 2 });
  world.later(1);
  await drive(world, transfer, [8]);
  expect(await bedsOf(world, facility)).toMatchObject({ free: 2, reserved: 0, occupied: 3 });
  world.later(1);
  const done = await call(world, 'handOver', { transfer }, staffOf(facility, 'nurse'));
  expect(done).toMatchObject({ status: 'HANDED_OVER', possible: [], placeUntil: null });
  expect(done.steps.map(({ status, by }: any) => [status, by])).toEqual([
    ['REQUESTED', 'control room'],
    ['DESTINATION_REQUESTED', 'control room'],
    ['ACCEPTED', `staff of ${facility}`],
    ['TRANSPORT_ASSIGNED', 'control room'],
    ['PICKED_UP', 'control room'],
    ['UNDER_WAY', 'control room'],
    ['ARRIVED', 'control room'],
    ['HANDED_OVER', 'nurse'],
  ]);
  expect(await patientOf(done.patient.id)).toMatchObject({
    location: { facility: { id: facility } },
    transfer: { id: transfer, status: 'HANDED_OVER' },
  });
});

test('a request creates one transfer per key, and another request cannot use the key', async () => {
  const input = primary(await casualty());
  const first = await call(world, 'requestTransfer', input);
  expect(await call(world, 'requestTransfer', input)).toEqual(first);
  expect(await call(world, 'requestTransfer', { ...input, reason: 'burns' })).toMatchObject({
    __typename: 'IdempotencyKeyReused',
    field: 'requestTransfer',
  });
});

test('a patient has one transfer that has not ended; after its end they may have the next', async () => {
  const patient = await casualty();
  const first = await call(world, 'requestTransfer', primary(patient));
  expect(await call(world, 'requestTransfer', primary(patient))).toMatchObject({
    __typename: 'TransferExists',
    message: expect.stringContaining(first.id),
    active: { id: first.id, status: 'APPROVED' },
  });
  await call(world, 'cancelTransfer', { transfer: first.id, reason: 'better' });
  expect(await call(world, 'requestTransfer', primary(patient))).toMatchObject({
    status: 'APPROVED',
  });
});

test.each([
  ['EX', true, 'EX'],
  ['SK_IV', true, 'first wave'],
  ['UNTRIAGED', false, 'Triage the patient'],
])('%s is not sent to an intake', async (category, physician, word) => {
  const patient = await casualty({ category, physician });
  expect(
    await call(world, 'requestTransfer', primary(patient, { bedCategory: null })),
  ).toMatchObject({
    __typename: 'NotTransportable',
    category,
    message: expect.stringContaining(word),
  });
});

test('a named bed makes the slot of SK IV and the untriaged known, but the dead are not carried', async () => {
  for (const category of ['SK_IV', 'UNTRIAGED', 'EX']) {
    const patient = await casualty({ category, physician: category !== 'UNTRIAGED' });
    const { __typename } = await call(world, 'requestTransfer', primary(patient));
    expect(__typename).toBe(category === 'EX' ? 'NotTransportable' : 'Transfer');
  }
});

test('a destination must exist and be another facility, and a reserved slot must belong to no other transfer', async () => {
  const facility = newFacility();
  const [patient] = await register(world, { facility: facility });
  const transferRequest = (changes: object) =>
    call(world, 'requestTransfer', primary(patient!, { kind: 'SECONDARY', ...changes }));
  expect(await transferRequest({ to: UNKNOWN_ID })).toMatchObject({
    __typename: 'UnknownFacility',
    missing: UNKNOWN_ID,
  });
  expect(await transferRequest({ to: facility })).toMatchObject({
    __typename: 'AlreadyThere',
    facility: { id: facility },
  });
  const to = newFacility();
  const slot = await reservedAt(world, to);
  await call(world, 'requestTransfer', primary(await casualty(), { to, reservation: slot }));
  expect(await transferRequest({ to, reservation: slot })).toMatchObject({
    __typename: 'ReservationInUse',
    message: expect.stringContaining('another transfer'),
  });
});

test('nobody moves a patient of a facility elsewhere as PRIMARY, which nobody approves', async () => {
  const facility = newFacility();
  const [patient] = await register(world, { facility: facility });
  const to = newFacility();
  const transferRequest = (kind: string) =>
    call(world, 'requestTransfer', primary(patient!, { kind, to }), staffOf(facility));
  expect(await transferRequest('PRIMARY')).toMatchObject({
    __typename: 'NotAtScene',
    message: expect.stringContaining('approved'),
    facility: { id: facility },
  });
  expect(await transferRequest('SECONDARY')).toMatchObject({ status: 'REQUESTED' });
});

test.each([
  ['a planned transfer without a bed', { kind: 'SECONDARY', bedCategory: null }, 'bedCategory'],
  [
    'a reserved slot without its facility',
    { reservation: { id: UNKNOWN_ID, item: UNKNOWN_ID } },
    'destination',
  ],
  ['an empty reason', { reason: ' ' }, 'reason'],
])('%s is a fault of the caller', async (_, changes, word) => {
  const { errors } = await callRaw(world, 'requestTransfer', primary(UNKNOWN_ID, changes));
  expect(errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining(word) },
  ]);
});

describe('a transfer that is hidden and one that is missing', () => {
  const inputs = (transfer: string): Record<string, object> => ({
    requestDestination: { transfer, to: facilities[0] },
    approveTransfer: { transfer, decision: 'APPROVE' },
    acceptTransfer: { transfer },
    refuseTransfer: { transfer, reason: 'full' },
    cancelTransfer: { transfer, reason: 'better' },
    divertTransfer: { transfer, to: facilities[0], reason: 'full' },
    handOver: { transfer },
  });

  test.each([
    'requestDestination',
    'approveTransfer',
    'acceptTransfer',
    'refuseTransfer',
    'cancelTransfer',
    'divertTransfer',
    'handOver',
  ])('read the same for %s', async (name) => {
    const hidden = (await call(world, 'requestTransfer', primary(await casualty()))).id as string;
    const isHospitals = ['acceptTransfer', 'refuseTransfer', 'handOver'].includes(name);
    const stranger = isHospitals ? staffOf(facilities.at(-1)!) : ELSEWHERE;
    const responses = await Promise.all(
      [hidden, UNKNOWN_ID, 'no id at all'].map(async (id) => {
        const outcome = await call(world, name, inputs(id)[name]!, stranger);
        return JSON.stringify(outcome).replaceAll(id, 'ID');
      }),
    );
    expect(new Set(responses).size).toBe(1);
    expect(responses[0]).toContain('UnknownTransfer');
  });

  test('read the same for queries, and are in no list and no count', async () => {
    const hidden = (await call(world, 'requestTransfer', primary(await casualty()))).id as string;
    for (const id of [hidden, UNKNOWN_ID, 'no id at all']) {
      expect(await transferOf(world, id, ELSEWHERE)).toBeNull();
    }
    const { data } = await world.request(
      '{ transfers { totalCount nodes { id } } }',
      {},
      ELSEWHERE,
    );
    expect(data.transfers).toEqual({ totalCount: 0, nodes: [] });
  });

  test('and so with a hidden patient: nobody requests a transfer for them or records their death', async () => {
    const hidden = await casualty();
    const outcomesFor = async (patient: string) => [
      JSON.stringify(await call(world, 'requestTransfer', primary(patient), ELSEWHERE)).replaceAll(
        patient,
        'ID',
      ),
      JSON.stringify(await call(world, 'recordDeath', { patient }, ELSEWHERE)).replaceAll(
        patient,
        'ID',
      ),
    ];
    const [seen, ...others] = await Promise.all(
      [hidden, UNKNOWN_ID, 'no id at all'].map(outcomesFor),
    );
    for (const other of others) expect(other).toEqual(seen);
    expect(seen![0]).toContain('UnknownPatient');
    expect(seen![1]).toContain('UnknownPatient');
  });
});

test('an act of another side is FORBIDDEN, with the side; an act that is not possible now names the possible ones', async () => {
  const facility = newFacility();
  const transfer = await requested(facility);
  const { errors } = await callRaw(
    world,
    'cancelTransfer',
    { transfer, reason: 'full' },
    staffOf(facility),
  );
  expect(errors).toMatchObject([
    {
      extensions: { code: 'FORBIDDEN' },
      message: expect.stringContaining('CANCEL is for the origin'),
    },
  ]);
  await call(world, 'cancelTransfer', { transfer, reason: 'better' });
  expect(await call(world, 'cancelTransfer', { transfer, reason: 'worse' })).toMatchObject({
    __typename: 'StepNotPossible',
    status: 'CANCELLED',
    act: 'CANCEL',
    possible: [],
    transfer: { id: transfer },
  });
});

test('a transfer is not for roles that move nobody', async () => {
  const { errors } = await callRaw(world, 'requestTransfer', primary(await casualty()), {
    role: 'family-information',
    areas: [''],
  });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  const list = await world.request(
    '{ transfers { totalCount } }',
    {},
    { role: 'health-office', areas: [''] },
  );
  expect(list.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

describe('a death', () => {
  const die = (patient: string, who = CONTROL_ROOM) => call(world, 'recordDeath', { patient }, who);

  test('makes the category EX, ends the transfer, and releases the slot', async () => {
    const facility = newFacility();
    const transfer = await accepted(facility);
    const { patient } = await transferOf(world, transfer);
    expect(await die(patient.id)).toMatchObject({ __typename: 'Patient', id: patient.id });
    expect(await patientOf(patient.id)).toMatchObject({
      category: 'EX',
      diedAt: world.clock.now.toISOString(),
      transfer: { id: transfer, status: 'DIED' },
    });
    expect(await bedsOf(world, facility)).toMatchObject({ reserved: 0, free: 3 });
    const sent = await world.eventCount({ topic: 'patients.patient-died' });
    await die(patient.id);
    expect(await world.eventCount({ topic: 'patients.patient-died' })).toBe(sent);
  });

  test('after the arrival leaves the slot to the facility’s next report', async () => {
    const facility = newFacility();
    const transfer = await accepted(facility);
    await drive(world, transfer, [7, 8]);
    const { patient } = await transferOf(world, transfer);
    await die(patient.id, staffOf(facility));
    expect(await bedsOf(world, facility)).toMatchObject({ reserved: 0, occupied: 3 });
  });

  test('is recorded by those who treat the patient, not by a control room elsewhere or a coordinating level', async () => {
    const patient = await casualty();
    const { errors } = await callRaw(
      world,
      'recordDeath',
      { patient },
      { role: 'crisis-staff', areas: ['05'] },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('lists', () => {
  const list = async (filter: object, first = 50, after: string | null = null) =>
    (
      await world.request(
        `query ($filter: TransferFilter, $first: Int, $after: String) { transfers(filter: $filter, first: $first, after: $after) {
          totalCount nodes { id } pageInfo { endCursor hasNextPage } } }`,
        { filter, first, after },
      )
    ).data.transfers;

  test('are narrowed by facility, area, incident and status, and go on behind a cursor', async () => {
    const [facility, scene] = [newFacility(), await newIncident(world)];
    const patients = await register(world, { incident: scene }, 3);
    const ids: string[] = [];
    for (const patient of patients) {
      ids.push((await call(world, 'requestTransfer', primary(patient, { to: facility }))).id);
      world.later(1);
    }
    await call(world, 'refuseTransfer', { transfer: ids[2], reason: 'full' }, staffOf(facility));
    expect((await list({ incident: scene })).nodes.map(({ id }: any) => id)).toEqual(ids);
    expect((await list({ facility: facility })).totalCount).toBe(2);
    expect((await list({ incident: scene, status: ['REFUSED'] })).nodes).toEqual([{ id: ids[2] }]);
    expect((await list({ incident: scene, area: '05315' })).totalCount).toBe(3);
    expect((await list({ incident: scene, area: '09' })).totalCount).toBe(0);
    const first = await list({ incident: scene }, 2);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await list({ incident: scene }, 2, first.pageInfo.endCursor);
    expect(rest.nodes).toEqual([{ id: ids[2] }]);
    expect(rest.totalCount).toBe(3);
  });

  test.each([
    ['an area that is none', 'transfers(filter: { area: "5" }) { totalCount }', 'BAD_USER_INPUT'],
    ['no length', 'transfers(first: 0) { totalCount }', 'BAD_USER_INPUT'],
    ['a page too long', 'transfers(first: 501) { totalCount }', 'TOO_MUCH'],
    ['a cursor of nothing', 'transfers(after: "x") { totalCount }', 'BAD_USER_INPUT'],
  ])('refuse %s', async (_, field, code) => {
    const { errors } = await world.request(`{ ${field} }`);
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });
});
