import pg from 'pg';
import { crashEverywhere, MOST_AWAITS } from '../../../../shared/testing/crash-everywhere.js';
import { SECOND_MS } from '../../../../shared/time/rules.js';
import { tickUntil } from '../../testing/clock.js';
import { crashingAct, crashingCapacity, ended } from '../../testing/crashing.js';
import { facilitiesIn, newIncident, newKey } from '../../testing/casualties.js';
import {
  CONTROL_ROOM,
  patientsWorld,
  type PatientsWorld,
  staffOf,
} from '../../testing/patients-world.js';
import { bedsOf, call, giveBeds, primary, register, transferOf } from '../../testing/transfers.js';

let world: PatientsWorld;
let facilities: string[];
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 10);
  await giveBeds(world, facilities, 60);
  incident = await newIncident(world);
});
afterAll(() => world.close());

/** Lets time pass until the loop has finished everything. */
function untilFinished() {
  return tickUntil(world, async () => {
    world.later(2);
    const { rowCount } = await world.pool.query('SELECT FROM job WHERE done_at IS NULL');
    return rowCount === 0;
  });
}

/** The slots that are reserved in capacity, and those that patients stores as reserved. */
async function kept() {
  const capacity = new pg.Client(world.databases.capacity.url);
  await capacity.connect();
  try {
    const inCapacity = await capacity.query(
      `SELECT id FROM reservation_item
       WHERE count > 0 AND redeemed_at IS NULL AND released_at IS NULL AND expires_at > $1 ORDER BY id`,
      [world.clock.now],
    );
    const inPatients = await world.pool.query(
      `SELECT reservation_item AS id FROM transfer WHERE place_until IS NOT NULL
         AND status IN ('ACCEPTED', 'TRANSPORT_SOUGHT', 'TRANSPORT_ASSIGNED', 'PICKED_UP', 'UNDER_WAY') ORDER BY id`,
    );
    return { inCapacity: inCapacity.rows, inPatients: inPatients.rows };
  } finally {
    await capacity.end();
  }
}

async function expectAgreement(facility: string, reserved: number) {
  const { inCapacity, inPatients } = await kept();
  expect(inPatients).toEqual(inCapacity);
  expect(await bedsOf(world, facility)).toMatchObject({ reserved });
}

const requested = async (facility: string, reservation?: object) => {
  const [patient] = await register(world, { incident });
  const input = primary(patient!, { to: facility, ...(reservation ? { reservation } : {}) });
  return (await call(world, 'requestTransfer', input)).id as string;
};
const accepted = async (facility: string) => {
  const id = await requested(facility);
  await call(world, 'acceptTransfer', { transfer: id }, staffOf(facility));
  return id;
};
const statuses = (transfers: string[]) =>
  Promise.all(transfers.map(async (id) => (await transferOf(world, id)).status as string));
/** Up to the commit of the first half nothing has happened; from then on all of it has. */
const expectNothingThenAll = (found: string[], nothing: string, all: string) => {
  const firstDone = found.indexOf(all);
  expect(firstDone).toBeGreaterThan(0);
  expect(found).toEqual(found.map((_, n) => (n < firstDone ? nothing : all)));
};

test(
  'patients killed at every await of an acceptance: the facility has accepted, with one slot, or nothing happened',
  async () => {
    const facility = facilities[0]!;
    const transfers = await crashEverywhere(
      () => requested(facility),
      (id, killAt) =>
        crashingAct(world, staffOf(facility), {
          store: 'destinations',
          method: 'accept',
          input: [{ transfer: id }],
          killAt,
        }),
    );
    await untilFinished();
    const found = await statuses(transfers);
    expectNothingThenAll(found, 'DESTINATION_REQUESTED', 'ACCEPTED');
    expect(transfers.length).toBeGreaterThan(12);
    await expectAgreement(facility, found.filter((status) => status === 'ACCEPTED').length);
  },
  180 * SECOND_MS,
);

test(
  'an acceptance of a slot that an allocation reserved survives a kill at every await too',
  async () => {
    const facility = facilities[1]!;
    const transfers = await crashEverywhere(
      async () => requested(facility, await reservedAt(facility)),
      (id, killAt) =>
        crashingAct(world, staffOf(facility), {
          store: 'destinations',
          method: 'accept',
          input: [{ transfer: id }],
          killAt,
        }),
    );
    await untilFinished();
    const found = await statuses(transfers);
    expectNothingThenAll(found, 'DESTINATION_REQUESTED', 'ACCEPTED');
    const { inPatients } = await kept();
    expect(inPatients.length).toBeGreaterThan(0);
    const { reserved } = await bedsOf(world, facility);
    // Those the facility has not accepted keep what the allocation reserved, until that lapses.
    expect(reserved).toBe(transfers.length);
  },
  180 * SECOND_MS,
);

const cancelling = (transfer: string) => ({
  field: 'cancelTransfer',
  act: 'CANCEL',
  input: { transfer, reason: 'closed road' },
});

test(
  'patients killed at every await of a cancellation: the slot is reserved for the transfer, or free',
  async () => {
    const facility = facilities[2]!;
    const transfers = await crashEverywhere(
      () => accepted(facility),
      (id, killAt) =>
        crashingAct(world, CONTROL_ROOM, {
          store: 'transfers',
          method: 'transition',
          input: [cancelling(id)],
          killAt,
        }),
    );
    await untilFinished();
    const found = await statuses(transfers);
    expectNothingThenAll(found, 'ACCEPTED', 'CANCELLED');
    expect((await bedsOf(world, facility)).reserved).toBe(
      found.filter((status) => status === 'ACCEPTED').length,
    );
  },
  180 * SECOND_MS,
);

test(
  'capacity killed at every statement of a reservation: the acceptance is noted, and it is finished',
  async () => {
    const facility = facilities[3]!;
    const port = Number(new URL(world.capacityUrl).port);
    await requested(facility); // from now on patients knows where the facility lies
    await world.stopCapacity();
    const transfers: string[] = [];
    let died = true;
    for (let killAt = 1; died && killAt <= MOST_AWAITS; killAt++) {
      const capacity = await crashingCapacity(world, port, killAt);
      const id = await requested(facility);
      transfers.push(id);
      const { data, errors } = await world.request(
        'mutation ($input: AcceptTransferInput!) { acceptTransfer(input: $input) { __typename } }',
        { input: { transfer: id } },
        staffOf(facility),
      );
      died = capacity.signalCode !== null || errors !== undefined;
      if (died) {
        expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
        expect(errors![0]!.message).toContain('is noted');
        expect(await transferOf(world, id)).toMatchObject({
          status: 'DESTINATION_REQUESTED',
          accepting: true,
        });
      } else expect(data.acceptTransfer.__typename).toBe('Transfer');
      await ended(capacity);
    }
    expect(transfers.length).toBeGreaterThan(5);
    await world.restartCapacity();
    await untilFinished();
    expect(new Set(await statuses(transfers))).toEqual(new Set(['ACCEPTED']));
    expect(await bedsOf(world, facility)).toMatchObject({ reserved: transfers.length });
  },
  240 * SECOND_MS,
);

test('an acceptance, a cancellation and an arrival are stored while capacity is unavailable, and finished later', async () => {
  const facility = facilities[4]!;
  const [accepting, cancelled] = [await requested(facility), await accepted(facility)];
  await world.stopCapacity();
  const { errors } = await world.request(
    'mutation ($input: AcceptTransferInput!) { acceptTransfer(input: $input) { __typename } }',
    { input: { transfer: accepting } },
    staffOf(facility),
  );
  expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
  expect(
    await call(world, 'cancelTransfer', { transfer: cancelled, reason: 'closed road' }),
  ).toMatchObject({ status: 'CANCELLED', placeUntil: null });
  await world.restartCapacity();
  await untilFinished();
  expect(await transferOf(world, accepting)).toMatchObject({
    status: 'ACCEPTED',
    accepting: false,
  });
  expect(await bedsOf(world, facility)).toMatchObject({ reserved: 1 });
});

test('an acceptance that was noted and then cancelled releases its slot', async () => {
  const facility = facilities[5]!;
  const id = await requested(facility);
  await world.stopCapacity();
  await world.request(
    'mutation ($input: AcceptTransferInput!) { acceptTransfer(input: $input) { __typename } }',
    { input: { transfer: id } },
    staffOf(facility),
  );
  await call(world, 'cancelTransfer', { transfer: id, reason: 'nobody left' });
  await world.restartCapacity();
  await untilFinished();
  expect(await transferOf(world, id)).toMatchObject({ status: 'CANCELLED' });
  expect(await bedsOf(world, facility)).toMatchObject({ reserved: 0 });
});

/** A slot that an allocation has reserved. */
async function reservedAt(facility: string) {
  const { data } = await world.requestCapacity(
    `mutation ($input: ReserveBedsInput!) { reserveBeds(input: $input) { ... on Reservation { id items { id } } } }`,
    {
      input: {
        items: [{ facility, category: 'ICU_UNSPECIFIED' }],
        kind: 'STRATEGIC',
        until: world.inHours(20),
        idempotencyKey: newKey(),
      },
    },
    CONTROL_ROOM,
  );
  const { id, items } = data.reserveBeds;
  return { id, item: items[0].id };
}
