import { tick, tickUntil } from '../../testing/clock.js';
import { facilitiesIn, newIncident } from '../../testing/casualties.js';
import { patientsWorld, type PatientsWorld, staffOf } from '../../testing/patients-world.js';
import {
  bedsOf,
  call,
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
  facilities = await facilitiesIn(world, '05', 10);
  incident = await newIncident(world);
});
afterAll(() => world.close());

/** A facility that no other test uses, with some free beds. */
async function facilityWith(free: number): Promise<string> {
  const facility = facilities.pop()!;
  await giveBeds(world, [facility], free);
  return facility;
}

/** A transfer that the facility has accepted. */
async function accepted(to: string): Promise<string> {
  const [patient] = await register(world, { incident });
  const { id: transfer } = await call(world, 'requestTransfer', primary(patient!, { to }));
  await call(world, 'acceptTransfer', { transfer }, staffOf(to));
  return transfer;
}

/** Releases or redeems all slots of a facility in capacity, by its own staff and without the transfer. */
async function closeAll(step: 'release' | 'redeem', facility: string): Promise<void> {
  const { data } = await world.requestCapacity(
    `query ($facility: ID!) { reservations(filter: { facility: $facility, keeping: true }) { nodes { id } } }`,
    { facility },
    staffOf(facility),
  );
  const type = step === 'release' ? 'ReleaseReservationInput' : 'RedeemReservationInput';
  for (const { id } of data.reservations.nodes) {
    const { data: closed } = await world.requestCapacity(
      `mutation ($input: ${type}!) { outcome: ${step}Reservation(input: $input) { __typename } }`,
      { input: { reservation: id } },
      staffOf(facility),
    );
    expect(closed.outcome.__typename).toBe('Reservation');
  }
}

/** Waits until no slot is reserved for the transfer, or until one is. */
const untilKept = (transfer: string, isKept: boolean) =>
  tickUntil(
    world,
    async () => ((await transferOf(world, transfer)).placeUntil !== null) === isKept,
  );
const topicsOf = async (transfer: string) =>
  (await world.eventsOf({ entity: transfer })).map(({ topic }) => topic);

test('a slot that is released in capacity and reserved for another patient is lost, and the transfer reports it', async () => {
  const facility = await facilityWith(1);
  const transfer = await accepted(facility);
  await closeAll('release', facility);
  await reservedAt(world, facility);
  await untilKept(transfer, false);
  expect(await transferOf(world, transfer)).toMatchObject({ status: 'ACCEPTED', placeUntil: null });
  expect((await topicsOf(transfer)).at(-1)).toBe('patients.transfer-reservation-lost');
  expect(await bedsOf(world, facility)).toMatchObject({ free: 0, reserved: 1 });
});

test.each([
  ['before the pick-up', []],
  ['on the way', [7]],
])('a slot released in capacity %s is claimed again while one is free', async (_, statuses) => {
  const facility = await facilityWith(1);
  const transfer = await accepted(facility);
  await drive(world, transfer, statuses);
  await closeAll('release', facility);
  await tickUntil(world, async () => (await bedsOf(world, facility)).free === 0);
  await untilKept(transfer, true);
  expect(await bedsOf(world, facility)).toMatchObject({ free: 0, reserved: 1 });
  expect(await topicsOf(transfer)).not.toContain('patients.transfer-reservation-lost');
});

test('a slot in which the facility says that the patient has arrived stays theirs, and they occupy one bed', async () => {
  const facility = await facilityWith(3);
  const transfer = await accepted(facility);
  world.later(1);
  await closeAll('redeem', facility);
  await tick(world);
  expect(await bedsOf(world, facility)).toMatchObject({ free: 2, reserved: 0, occupied: 3 });
  expect((await transferOf(world, transfer)).placeUntil).not.toBeNull();
  await drive(world, transfer, [7, 8]);
  expect((await transferOf(world, transfer)).status).toBe('ARRIVED');
  await tickUntil(world, async () => {
    const { rowCount } = await world.pool.query(
      'SELECT FROM job WHERE subject = $1 AND done_at IS NULL',
      [transfer],
    );
    return rowCount === 0;
  });
  expect(await bedsOf(world, facility)).toMatchObject({ free: 2, reserved: 0, occupied: 3 });
});

test('while capacity does not respond, transfers stay as they are', async () => {
  const facility = await facilityWith(1);
  const transfer = await accepted(facility);
  await world.stopCapacity();
  await tick(world);
  await world.restartCapacity();
  expect((await transferOf(world, transfer)).placeUntil).not.toBeNull();
});
