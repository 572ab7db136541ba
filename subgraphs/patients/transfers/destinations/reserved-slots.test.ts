import { eachOnce } from '../../../../shared/testing/each-once.js';
import { UNKNOWN_ID } from '../../../../shared/testing/unknown-id.js';
import { facilitiesIn, newIncident, newKey } from '../../testing/casualties.js';
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
  await giveBeds(world, facilities, 20);
  incident = await newIncident(world);
});
afterAll(() => world.close());

/** A facility that no other test uses. */
const newFacility = eachOnce(() => facilities);
const casualty = async () => (await register(world, { incident }))[0]!;
const transferRequest = async (changes: object) =>
  call(world, 'requestTransfer', primary(await casualty(), changes));
const cancel = (transfer: string) =>
  call(world, 'cancelTransfer', { transfer, reason: 'closed road' });
const statusOf = async ({ id }: { id: string }) => {
  const { data } = await world.requestCapacity(
    'query ($id: ID!) { reservation(id: $id) { status until } }',
    { id },
  );
  return data.reservation;
};
const released = async (slot: { id: string; item: string }) => {
  await world.requestCapacity(
    'mutation ($input: ReleaseReservationInput!) { releaseReservation(input: $input) { __typename } }',
    { input: { reservation: slot.id } },
  );
  return slot;
};

describe('a reserved slot is refused', () => {
  test.each([
    ['that never was', async () => ({ id: UNKNOWN_ID, item: UNKNOWN_ID }), 'no reservation'],
    ['with ids that do not exist', async () => ({ id: 'x', item: newKey() }), 'no reservation'],
    [
      'of another reservation',
      async (to: string) => ({
        id: (await reservedAt(world, to)).id,
        item: (await reservedAt(world, to)).item,
      }),
      'no reservation',
    ],
    ['in another facility', () => reservedAt(world, newFacility()), 'another facility'],
    ['for several', (to: string) => reservedAt(world, to, { count: 3 }), 'for 3 patients'],
    ['given back', async (to: string) => released(await reservedAt(world, to)), 'RELEASED'],
  ])('%s, and stays as it is', async (_, slotAt, word) => {
    const to = newFacility();
    const reservation = await slotAt(to);
    const before = await statusOf(reservation);
    const unfit = {
      __typename: 'ReservationUnfit',
      message: expect.stringContaining(word),
      reservationId: reservation.id,
      reservationItemId: reservation.item,
    };
    expect(await transferRequest({ to, reservation })).toMatchObject(unfit);
    const { id: transfer } = await transferRequest({});
    expect(await call(world, 'requestDestination', { transfer, to, reservation })).toMatchObject(
      unfit,
    );
    await cancel(transfer);
    expect(await statusOf(reservation)).toEqual(before);
  });

  test('of another person, and stays as it is', async () => {
    const to = newFacility();
    const reservation = await reservedAt(world, to, {}, { ...CONTROL_ROOM, subject: 'colleague' });
    const before = await statusOf(reservation);
    const unfit = {
      __typename: 'ReservationUnfit',
      message: expect.stringContaining('is in no reservation of yours'),
    };
    expect(await transferRequest({ to, reservation })).toMatchObject(unfit);
    const { id: transfer } = await transferRequest({});
    expect(await call(world, 'requestDestination', { transfer, to, reservation })).toMatchObject(
      unfit,
    );
    await cancel(transfer);
    expect(await statusOf(reservation)).toEqual(before);
  });

  test('of another person before anything else: the refusal does not reveal whether it is in this facility, or in use', async () => {
    const [facility, other] = [newFacility(), newFacility()];
    const colleague = { ...CONTROL_ROOM, subject: 'colleague' };
    const reservation = await reservedAt(world, facility, {}, colleague);
    const patient = await casualty();
    const used = await call(
      world,
      'requestTransfer',
      primary(patient, { to: facility, reservation }),
      colleague,
    );
    expect(used).toMatchObject({ __typename: 'Transfer' });
    for (const to of [facility, other]) {
      expect(await transferRequest({ to, reservation })).toMatchObject({
        __typename: 'ReservationUnfit',
        message: expect.stringContaining('is in no reservation of yours'),
      });
    }
  });

  test('of another facility before the caller learns whether it is in use', async () => {
    const [facility, other] = [newFacility(), newFacility()];
    const reservation = await reservedAt(world, facility);
    expect(await transferRequest({ to: facility, reservation })).toMatchObject({
      __typename: 'Transfer',
    });
    expect(await transferRequest({ to: other, reservation })).toMatchObject({
      __typename: 'ReservationUnfit',
      message: expect.stringContaining('another facility'),
    });
    expect(await transferRequest({ to: facility, reservation })).toMatchObject({
      __typename: 'ReservationInUse',
    });
  });

  test('of another bed than the transfer needs', async () => {
    const to = newFacility();
    const reservation = await reservedAt(world, to);
    for (const [bedCategory, words] of [
      ['BURN', 'needs BURN'],
      [null, 'needs a slot of the intake of SK_II'],
    ]) {
      expect(await transferRequest({ to, reservation, bedCategory })).toMatchObject({
        __typename: 'ReservationUnfit',
        message: expect.stringContaining(`ICU_UNSPECIFIED; the transfer ${words}`),
      });
    }
  });
});

test('a slot that cannot be looked up is not named; nothing is changed', async () => {
  const to = newFacility();
  const reservation = await reservedAt(world, to);
  const { id: transfer } = await transferRequest({});
  await transferRequest({ to }); // from now on patients knows where the facility lies
  const patient = await casualty();
  await world.stopCapacity();
  for (const [name, input] of [
    ['requestTransfer', primary(patient, { to, reservation })],
    ['requestDestination', { transfer, to, reservation }],
  ] as const) {
    const { errors } = await callRaw(world, name, input);
    expect(errors).toMatchObject([
      {
        extensions: { code: 'SERVICE_UNAVAILABLE' },
        message: expect.stringContaining('Nothing was changed'),
      },
    ]);
  }
  await world.restartCapacity();
  expect(await transferOf(world, transfer)).toMatchObject({ status: 'APPROVED', to: null });
});

test('an item that is no slot in the facility is not confirmed by an acceptance: another slot is reserved', async () => {
  const facility = newFacility();
  const { id: transfer } = await transferRequest({ to: facility });
  const slots = [
    await reservedAt(world, newFacility()),
    await reservedAt(world, facility, { count: 2 }),
  ];
  for (const slot of slots) {
    const before = await statusOf(slot);
    // As if it had changed since it was named.
    await world.pool.query(
      `UPDATE transfer SET reservation_id = $2, reservation_item = $3, status = 'DESTINATION_REQUESTED' WHERE id = $1`,
      [transfer, slot.id, slot.item],
    );
    expect(await call(world, 'acceptTransfer', { transfer }, staffOf(facility))).toMatchObject({
      status: 'ACCEPTED',
    });
    expect(await statusOf(slot)).toEqual(before);
  }
});

test('one of ten callers who name the same slot at once gets it', async () => {
  const to = newFacility();
  const reservation = await reservedAt(world, to);
  const patients = await register(world, { incident }, 12);
  const transfers = await Promise.all(
    patients.slice(6).map((patient) => call(world, 'requestTransfer', primary(patient))),
  );
  const outcomes = await Promise.all([
    ...patients
      .slice(0, 6)
      .map((patient) => call(world, 'requestTransfer', primary(patient, { to, reservation }))),
    ...transfers.map(({ id: transfer }) =>
      call(world, 'requestDestination', { transfer, to, reservation }),
    ),
  ]);
  const refused = outcomes.filter(({ __typename }) => __typename === 'ReservationInUse');
  expect(refused).toHaveLength(outcomes.length - 1);
});

test('a slot that another transfer has released is no other transfer’s, also before capacity has received the release', async () => {
  const to = newFacility();
  const reservation = await reservedAt(world, to);
  const { id } = await transferRequest({ to, reservation });
  await world.stopCapacity();
  expect(await cancel(id)).toMatchObject({ status: 'CANCELLED' });
  await world.restartCapacity();
  expect(await statusOf(reservation)).toMatchObject({ status: 'OPEN' });
  expect(await transferRequest({ to, reservation })).toMatchObject({
    __typename: 'ReservationInUse',
    message: expect.stringContaining('released'),
  });
});

test('a slot that is named again before its facility is requested stays the patient’s', async () => {
  const [from, to] = [newFacility(), newFacility()];
  const reservation = await reservedAt(
    world,
    to,
    {},
    { ...CONTROL_ROOM, subject: `staff of ${from}` },
  );
  const [patient] = await register(world, { facility: from });
  const input = primary(patient!, { kind: 'SECONDARY', to, reservation });
  const { id: transfer } = await call(world, 'requestTransfer', input, staffOf(from));
  await call(world, 'requestDestination', { transfer, to, reservation }, staffOf(from));
  expect(await statusOf(reservation)).toMatchObject({ status: 'OPEN' });
  expect(await bedsOf(world, to)).toMatchObject({ reserved: 1 });
});
