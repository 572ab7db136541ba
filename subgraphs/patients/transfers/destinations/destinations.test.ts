import { eachOnce } from '../../../../shared/testing/each-once.js';
import { UNKNOWN_ID } from '../../../../shared/testing/unknown-id.js';
import { DAY_MINUTES, MINUTE_MS } from '../../../../shared/time/rules.js';
import { tickUntil } from '../../testing/clock.js';
import { facilitiesIn, newIncident, newKey } from '../../testing/casualties.js';
import { patientsWorld, type PatientsWorld, staffOf } from '../../testing/patients-world.js';
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
  facilities = await facilitiesIn(world, '05', 60);
  await giveBeds(world, facilities, 3);
  incident = await newIncident(world);
});
afterAll(() => world.close());

/** A facility that no other test uses. */
const newFacility = eachOnce(() => facilities);
const requested = async (to: string, changes: object = {}) => {
  const [patient] = await register(world, { incident });
  return (await call(world, 'requestTransfer', primary(patient!, { to, ...changes }))).id as string;
};
const accept = (transfer: string, facility: string) =>
  call(world, 'acceptTransfer', { transfer }, staffOf(facility));
const accepted = async (facility: string) => {
  const transfer = await requested(facility);
  await accept(transfer, facility);
  return transfer;
};

test('a refusal keeps the history, and the next attempt is a new step of the same transfer', async () => {
  const [first, second] = [newFacility(), newFacility()];
  const transfer = await requested(first);
  const refused = await call(
    world,
    'refuseTransfer',
    { transfer, reason: 'CT is down' },
    staffOf(first),
  );
  expect(refused).toMatchObject({ status: 'REFUSED', to: null, patient: null, dueAt: null });
  expect(await transferOf(world, transfer, staffOf(first))).toBeNull();
  const again = await call(world, 'requestDestination', {
    transfer,
    to: second,
    reason: 'next nearest',
  });
  expect(again).toMatchObject({
    id: transfer,
    status: 'DESTINATION_REQUESTED',
    attempt: 2,
    to: { id: second },
  });
  const { steps } = await accept(transfer, second);
  expect(steps.map(({ status, reason, facility }: any) => [status, reason, facility.id])).toEqual([
    ['REQUESTED', null, first],
    ['DESTINATION_REQUESTED', null, first],
    ['REFUSED', 'CT is down', first],
    ['DESTINATION_REQUESTED', 'next nearest', second],
    ['ACCEPTED', null, second],
  ]);
});

test('a facility that does not decide may be passed over, and no longer sees the patient', async () => {
  const [first, second] = [newFacility(), newFacility()];
  const transfer = await requested(first);
  expect(await transferOf(world, transfer, staffOf(first))).toMatchObject({ id: transfer });
  await call(world, 'requestDestination', { transfer, to: second });
  expect(await transferOf(world, transfer, staffOf(first))).toBeNull();
  expect(await accept(transfer, first)).toMatchObject({ __typename: 'UnknownTransfer' });
});

test('a destination must exist and be another one, and its reserved slot must belong to no other transfer', async () => {
  const facility = newFacility();
  const transfer = await requested(facility);
  const name = (changes: object) => call(world, 'requestDestination', { transfer, ...changes });
  expect(await name({ to: UNKNOWN_ID })).toMatchObject({ __typename: 'UnknownFacility' });
  expect(await name({ to: facility, idempotencyKey: newKey() })).toMatchObject({
    __typename: 'AlreadyThere',
    message: expect.stringContaining('requested already'),
  });
  const to = newFacility();
  const reservation = await reservedAt(world, to);
  await requested(to, { reservation });
  expect(await name({ to, reservation })).toMatchObject({
    __typename: 'ReservationInUse',
    reservationItemId: reservation.item,
  });
});

test('a facility without a slot gets the numbers and the alternatives; no event is sent', async () => {
  const facility = newFacility();
  world.later(1);
  await giveBeds(world, [facility], 0);
  const transfer = await requested(facility);
  const before = await world.eventCount();
  expect(await accept(transfer, facility)).toMatchObject({
    __typename: 'NoSlotLeft',
    facility: { id: facility },
    bedCategory: 'ICU_UNSPECIFIED',
    intake: null,
    free: 0,
    alternatives: expect.arrayContaining([
      { facility: { id: expect.any(String) }, free: expect.any(Number), km: expect.any(Number) },
    ]),
  });
  expect(await world.eventCount()).toBe(before);
  expect(await transferOf(world, transfer)).toMatchObject({
    status: 'DESTINATION_REQUESTED',
    accepting: false,
  });
});

test('a casualty without a named bed gets a slot of the intake of their category', async () => {
  const facility = newFacility();
  const declared = await world.requestCapacity(
    `mutation ($input: DeclareIntakeInput!) { declareIntake(input: $input) { __typename ... on Refusal { message } } }`,
    {
      input: {
        facility: facility,
        source: 'duty manager',
        method: 'REPORTED',
        until: world.inDays(1),
        numbers: [{ category: 'SK_II', immediate: 1, afterAlarmPlan: 0, perHour: 0 }],
        idempotencyKey: newKey(),
      },
    },
    { role: 'crisis-staff', areas: [''], subject: 'staff' },
  );
  expect(declared.data.declareIntake.__typename).toBe('Facility');
  const first = await requested(facility, { bedCategory: null });
  expect(await accept(first, facility)).toMatchObject({ status: 'ACCEPTED', bedCategory: null });
  const second = await requested(facility, { bedCategory: null });
  expect(await accept(second, facility)).toMatchObject({
    __typename: 'NoSlotLeft',
    bedCategory: null,
    intake: 'SK_II',
    free: 0,
  });
});

test('the slot of an allocation is confirmed; one that has lapsed is replaced', async () => {
  const facility = newFacility();
  const inTime = await requested(facility, { reservation: await reservedAt(world, facility) });
  expect(await accept(inTime, facility)).toMatchObject({ status: 'ACCEPTED' });
  expect(await bedsOf(world, facility)).toMatchObject({ reserved: 1, free: 2 });
  const late = await requested(facility, { reservation: await reservedAt(world, facility) });
  world.later(31);
  expect(await bedsOf(world, facility)).toMatchObject({ reserved: 1, free: 2 });
  expect(await accept(late, facility)).toMatchObject({ status: 'ACCEPTED' });
  expect(await bedsOf(world, facility)).toMatchObject({ reserved: 2, free: 1 });
});

test('an act that is not possible now is refused with the possible ones, for every decision of a facility', async () => {
  const facility = newFacility();
  const transfer = await accepted(facility);
  const staff = staffOf(facility);
  for (const [name, act, input] of [
    ['acceptTransfer', 'ACCEPT', { transfer, idempotencyKey: newKey() }],
    ['refuseTransfer', 'REFUSE', { transfer, reason: 'full' }],
    ['handOver', 'HAND_OVER', { transfer }],
  ] as const) {
    expect(await call(world, name, input, staff)).toMatchObject({
      __typename: 'StepNotPossible',
      status: 'ACCEPTED',
      act,
      possible: expect.arrayContaining(['ASSIGN_TRANSPORT', 'CANCEL']),
    });
  }
  for (const [name, act] of [
    ['requestDestination', 'REQUEST_DESTINATION'],
    ['divertTransfer', 'DIVERT'],
  ] as const) {
    const input = { transfer, to: newFacility(), reason: 'better' };
    expect(await call(world, name, input)).toMatchObject({ __typename: 'StepNotPossible', act });
  }
});

test('the origin cannot decide for the facility, and the facility cannot steer for the origin', async () => {
  const facility = newFacility();
  const transfer = await requested(facility);
  for (const [name, input, who] of [
    ['acceptTransfer', { transfer }, staffOf(newFacility())],
    ['requestDestination', { transfer, to: newFacility() }, staffOf(facility)],
    ['divertTransfer', { transfer, to: newFacility(), reason: 'full' }, staffOf(facility)],
  ] as const) {
    const { data, errors } = await callRaw(world, name, input, who);
    expect(errors?.[0]?.extensions.code ?? data.outcome.__typename).toMatch(
      /FORBIDDEN|UnknownTransfer/,
    );
  }
  const asDispatch = await callRaw(world, 'acceptTransfer', { transfer });
  expect(asDispatch.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test.each([
  ['refuseTransfer', { transfer: UNKNOWN_ID, reason: '' }, staffOf(UNKNOWN_ID)],
  ['divertTransfer', { transfer: UNKNOWN_ID, to: UNKNOWN_ID, reason: 'x'.repeat(501) }, undefined],
  ['requestDestination', { transfer: UNKNOWN_ID, to: UNKNOWN_ID, reason: ' ' }, undefined],
])('%s says why, in words that fit', async (name, input, who) => {
  const { errors } = await callRaw(world, name, input, who);
  expect(errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining('reason') },
  ]);
});

test('a patient on board is sent elsewhere, the first slot is released, and the search goes on', async () => {
  const [first, full, last] = [newFacility(), newFacility(), newFacility()];
  const transfer = await accepted(first);
  await drive(world, transfer, [7]);
  const diverted = await call(world, 'divertTransfer', {
    transfer,
    to: full,
    reason: 'bomb threat',
  });
  expect(diverted).toMatchObject({
    status: 'DIVERTED',
    to: { id: full },
    dueAt: expect.any(String),
    placeUntil: null,
  });
  expect(await bedsOf(world, first)).toMatchObject({ reserved: 0 });
  expect(
    await call(world, 'divertTransfer', { transfer, to: UNKNOWN_ID, reason: 'x' }),
  ).toMatchObject({
    __typename: 'UnknownFacility',
  });
  expect(await call(world, 'divertTransfer', { transfer, to: full, reason: 'x' })).toMatchObject({
    __typename: 'AlreadyThere',
  });
  await call(world, 'refuseTransfer', { transfer, reason: 'full' }, staffOf(full));
  expect(await transferOf(world, transfer)).toMatchObject({
    status: 'DIVERTED',
    to: null,
    dueAt: world.inMinutes(5),
  });
  expect(await call(world, 'cancelTransfer', { transfer, reason: 'x' })).toMatchObject({
    __typename: 'StepNotPossible',
  });
  await call(world, 'divertTransfer', { transfer, to: last, reason: 'nearest left' });
  expect(await accept(transfer, last)).toMatchObject({ status: 'UNDER_WAY', attempt: 3 });
  expect(await bedsOf(world, last)).toMatchObject({ reserved: 1 });
  await drive(world, transfer, [8]);
  await call(world, 'handOver', { transfer }, staffOf(last));
  expect(await bedsOf(world, last)).toMatchObject({ reserved: 0, occupied: 3 });
});

describe('time', () => {
  test('escalates a request without a decision, once: after 5 minutes from a scene', async () => {
    const facility = newFacility();
    const transfer = await requested(facility);
    const due = world.inMinutes(5);
    expect(await transferOf(world, transfer)).toMatchObject({ dueAt: due, escalated: false });
    world.later(5);
    await tickUntil(world, async () => (await transferOf(world, transfer)).escalated);
    await expectEvents('patients.transfer-escalated', transfer, 1);
    // The next destination has a deadline of its own.
    expect(await call(world, 'requestDestination', { transfer, to: newFacility() })).toMatchObject({
      escalated: false,
    });
    world.later(5);
    await tickUntil(world, async () => (await transferOf(world, transfer)).escalated);
    await expectEvents('patients.transfer-escalated', transfer, 2);
  });

  test('escalates a patient on board for whom no facility is found', async () => {
    const [first, full] = [newFacility(), newFacility()];
    const transfer = await accepted(first);
    await drive(world, transfer, [7]);
    await call(world, 'divertTransfer', { transfer, to: full, reason: 'bomb threat' });
    await call(world, 'refuseTransfer', { transfer, reason: 'full' }, staffOf(full));
    world.later(5);
    await tickUntil(world, async () => (await transferOf(world, transfer)).escalated);
    await expectEvents('patients.transfer-escalated', transfer, 1);
  });

  test('escalates many at once, some at a time, each once', async () => {
    const dueAt = world.clock.now;
    const { rows } = await world.pool.query<{ id: string }>(
      `WITH p AS (
         INSERT INTO patient (incident_id, tag, area, category, by_physician, transport_priority, ventilated, physician_escort,
           origin, registered_at, registered_by)
         SELECT $1, 'many ' || n, '05315', 'SK_II', false, false, false, false, 'CIVILIAN', $2, 'x'
         FROM generate_series(1, 501) AS n RETURNING id)
       INSERT INTO transfer (kind, patient_id, incident_id, status, status_at, from_area, due_at, created_at, created_by)
       SELECT 'PRIMARY', id, $1, 'REQUESTED', $2, '05315', $2, $2, 'x' FROM p RETURNING id`,
      [incident, dueAt],
    );
    const ids = rows.map(({ id }) => id);
    const escalated = async () =>
      (
        await world.pool.query(
          `SELECT entity, count(*)::int AS times FROM outbox_event
           WHERE topic = 'patients.transfer-escalated' AND entity = ANY ($1) GROUP BY entity`,
          [ids],
        )
      ).rows as { times: number }[];
    await tickUntil(world, async () => (await escalated()).length === ids.length);
    expect((await escalated()).every(({ times }) => times === 1)).toBe(true);
    const batches = await world.pool.query<{ size: number }>(
      `SELECT count(*)::int AS size FROM outbox_event
       WHERE topic = 'patients.transfer-escalated' AND entity = ANY ($1) GROUP BY batch`,
      [ids],
    );
    expect(Math.max(...batches.rows.map(({ size }) => size))).toBeLessThanOrEqual(500);
    await world.pool.query(
      `UPDATE transfer SET due_at = NULL, status = 'CANCELLED' WHERE id = ANY ($1)`,
      [ids],
    );
  });

  test('releases a slot that no patient used in time, and requests the facility again', async () => {
    const facility = newFacility();
    const transfer = await accepted(facility);
    const { placeUntil } = await transferOf(world, transfer);
    expect(Date.parse(placeUntil) - world.clock.now.getTime()).toBe((DAY_MINUTES - 5) * MINUTE_MS);
    world.later(DAY_MINUTES - 5);
    await tickUntil(
      world,
      async () => (await transferOf(world, transfer)).status === 'DESTINATION_REQUESTED',
    );
    const lapsed = await transferOf(world, transfer);
    expect(lapsed.steps.at(-1)).toMatchObject({
      by: 'clock',
      reason: expect.stringContaining('The reservation of the slot ended'),
    });
    expect(await bedsOf(world, facility)).toMatchObject({ reserved: 0 });
    expect(await accept(transfer, facility)).toMatchObject({ status: 'ACCEPTED' });
  });

  test('runs again from the pick-up: a long way loses no slot', async () => {
    const facility = newFacility();
    const transfer = await accepted(facility);
    world.later(23 * 60);
    await drive(world, transfer, [7]);
    world.later(10 * 60);
    expect(await bedsOf(world, facility)).toMatchObject({ reserved: 1 });
    await drive(world, transfer, [8]);
    expect(await bedsOf(world, facility)).toMatchObject({ reserved: 0, occupied: 3 });
  });
});

async function expectEvents(topic: string, entity: string, times: number): Promise<void> {
  expect(await world.eventCount({ topic, entity })).toBe(times);
}
