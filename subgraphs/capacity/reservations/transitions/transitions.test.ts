import { openDatabase, type Database } from '../../database/database.js';
import { capacityWorld, type CapacityWorld } from '../../testing/capacity-world.js';
import { facilitiesOf, report, send } from '../../testing/reports.js';
import {
  claimsOf,
  declareIntake,
  reservationOf,
  reserve,
  transitionRaw,
  transition,
  wish,
  type ReservationAct,
} from '../../testing/reservations.js';
import { finalizeReported, publishLapsed } from '../store-timers.js';

let world: CapacityWorld;
let database: Database;
let facilities: string[];
let next = 0;

beforeAll(async () => {
  world = await capacityWorld();
  database = openDatabase(world.pool.options.connectionString!);
  facilities = await facilitiesOf(world, '', 500);
});
afterAll(async () => {
  await database.close();
  await world.close();
});

/** A facility no other test has touched, with n free beds. */
async function facilityWith(free: number): Promise<string> {
  const facility = facilities[next++]!;
  await send(world, report(world, facility, { operable: free + 4, occupied: 4 }));
  return facility;
}
/** A reservation of that many items of one slot each, at a facility that has just as many. */
async function reserved(items = 1) {
  const facility = await facilityWith(items);
  const reservation = await reserve(
    world,
    Array.from({ length: items }, () => wish(facility)),
  );
  return { facility, id: reservation.id as string, items: idsOf(reservation) };
}
const idsOf = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);
const statusesOf = ({ items }: { items: { status: string }[] }) =>
  items.map(({ status }) => status);
const minutesFromNow = (minutes: number) =>
  new Date(world.clock.now.getTime() + minutes * 60_000).toISOString();
/** Counts the events of these entities, without those of others that the subgraph's own timer publishes meanwhile. */
const countEvents = async (...entities: string[]) =>
  (
    await world.pool.query(
      `SELECT FROM outbox_event WHERE entity = ANY($1)
         OR topic NOT IN ('capacity.reservation-lapsed', 'capacity.beds-freed', 'capacity.beds-went-stale')`,
      [entities],
    )
  ).rowCount!;
const openItems = async (reservation: string) =>
  (
    await world.pool.query(
      'SELECT FROM reservation_item WHERE reservation_id = $1 AND NOT settled',
      [reservation],
    )
  ).rowCount;
/** Finalized by this process or by the subgraph's timer, whichever was first. */
const untilFinalized = async (reservation: string, finalize = publishLapsed) => {
  while ((await openItems(reservation)) !== 0) await finalize(database, world.clock.now);
};

describe('the clock', () => {
  test('ends a reservation exactly at its time, whether or not anybody noticed', async () => {
    const { facility, id } = await reserved();
    const start = world.clock.now;
    world.clock.now = new Date(start.getTime() + 30 * 60_000 - 1);
    expect(await reservationOf(world, id)).toMatchObject({ status: 'OPEN' });
    expect(await claimsOf(world, facility)).toMatchObject({ reserved: 1, free: 0 });
    world.clock.now = new Date(start.getTime() + 30 * 60_000);
    expect(await reservationOf(world, id)).toMatchObject({
      status: 'LAPSED',
      until: world.clock.now.toISOString(),
    });
    expect(await claimsOf(world, facility)).toMatchObject({ reserved: 0, free: 1 });
  });

  test('gives a lapsed slot to the next, and the late confirmation is refused', async () => {
    const { facility, id } = await reserved();
    world.later(30);
    expect(await reserve(world, [wish(facility)])).toMatchObject({ __typename: 'Reservation' });
    expect(await transition(world, 'confirm', id)).toMatchObject({
      __typename: 'ReservationEnded',
    });
  });

  test('does not revive a slot that was given on by a process whose clock is ahead', async () => {
    const { facility, id } = await reserved();
    const here = world.clock.now;
    world.clock.now = new Date(here.getTime() + 30 * 60_000);
    await reserve(world, [wish(facility)]);
    world.clock.now = new Date(here.getTime() + 30 * 60_000 - 1);
    for (const act of ['confirm', 'redeem'] as const) {
      expect(await transition(world, act, id)).toMatchObject({ __typename: 'ReservationEnded' });
    }
    world.later(1);
    expect(await claimsOf(world, facility)).toMatchObject({ reserved: 1, overcommitted: 0 });
  });

  test('a lapse is published once, from however many processes', async () => {
    const { facility, id } = await reserved(2);
    world.later(30);
    await Promise.all([1, 2, 3].map(() => publishLapsed(database, world.clock.now)));
    // The subgraph's own timer may have been first, and ours then have skipped what it was just publishing.
    await untilFinalized(id);
    const { rows } = await lapses(id);
    expect(rows).toEqual([{ entity: id, tags: [expect.stringContaining(`:${facility}`)] }]);
    expect(await reservationOf(world, id)).toMatchObject({ status: 'LAPSED' });
  });

  const lapses = (id: string) =>
    world.pool.query(
      `SELECT entity, tags FROM outbox_event WHERE topic = 'capacity.reservation-lapsed' AND entity = $1`,
      [id],
    );
});

describe('confirming', () => {
  test('keeps the slot for a day', async () => {
    const { facility, id } = await reserved();
    expect(await transition(world, 'confirm', id)).toMatchObject({
      status: 'CONFIRMED',
      until: minutesFromNow(24 * 60),
      items: [{ status: 'CONFIRMED', confirmedAt: world.clock.now.toISOString() }],
    });
    world.later(31);
    await send(world, report(world, facility, { operable: 5, occupied: 4 }));
    expect(await claimsOf(world, facility)).toMatchObject({ reserved: 1, free: 0 });
  });

  test('again changes nothing and sends no event, unless it names another time', async () => {
    const { facility, id } = await reserved();
    const first = await transition(world, 'confirm', id);
    world.later(5);
    const before = await countEvents(facility, id);
    expect(await transition(world, 'confirm', id)).toEqual(first);
    expect(await countEvents(facility, id)).toBe(before);
    const until = minutesFromNow(10);
    const changed = await transition(world, 'confirm', id, { until });
    expect(changed).toMatchObject({ status: 'CONFIRMED', until });
    expect(changed.items[0].confirmedAt).toBe(first.items[0].confirmedAt);
    expect(await transition(world, 'confirm', id, { until })).toEqual(changed);
  });

  test.each([
    ['now', 0],
    ['more than a day ahead', 24 * 60 + 1],
  ])('is refused for a time that is %s', async (_, minutes) => {
    const { id } = await reserved();
    const until = minutesFromNow(minutes);
    expect(await transition(world, 'confirm', id, { until })).toMatchObject({
      __typename: 'ExpiryOutOfRange',
      until,
      latest: minutesFromNow(24 * 60),
    });
  });
});

describe('redeeming', () => {
  test('makes the slot an occupied one, until a report counts the patient', async () => {
    const { facility, id } = await reserved();
    expect(await claimsOf(world, facility)).toMatchObject({ occupied: 4, reserved: 1, free: 0 });
    expect(await transition(world, 'redeem', id)).toMatchObject({ status: 'REDEEMED' });
    expect(await claimsOf(world, facility)).toMatchObject({ occupied: 4, reserved: 0, free: 1 });
    world.later(1);
    const { facility: other, id: later } = await reserved();
    world.later(1);
    await transition(world, 'redeem', later);
    expect(await claimsOf(world, other)).toMatchObject({ occupied: 5, reserved: 0, free: 0 });
    await send(world, report(world, other, { operable: 5, occupied: 5 }));
    expect(await claimsOf(world, other)).toMatchObject({ occupied: 5, free: 0 });
  });

  test('needs no confirmation before, and again changes nothing', async () => {
    const { facility, id } = await reserved();
    const first = await transition(world, 'redeem', id);
    world.later(60);
    const before = await countEvents(facility, id);
    expect(await transition(world, 'redeem', id)).toEqual(first);
    expect(await transition(world, 'confirm', id)).toEqual(first);
    expect(await countEvents(facility, id)).toBe(before);
  });
});

describe('releasing', () => {
  test('gives the slot to the next at once', async () => {
    const { facility, id } = await reserved();
    expect(await transition(world, 'release', id)).toMatchObject({
      status: 'RELEASED',
      items: [{ releasedAt: world.clock.now.toISOString() }],
    });
    expect(await claimsOf(world, facility)).toMatchObject({ reserved: 0, free: 1 });
    expect(await reserve(world, [wish(facility)])).toMatchObject({ __typename: 'Reservation' });
  });

  test('again, or after the slot has lapsed, changes nothing', async () => {
    const { facility, id } = await reserved();
    const first = await transition(world, 'release', id);
    const { facility: other, id: lapsed } = await reserved();
    world.later(30);
    await untilFinalized(lapsed);
    const before = await countEvents(facility, id, other, lapsed);
    expect(await transition(world, 'release', id)).toEqual(first);
    expect(await transition(world, 'release', lapsed)).toMatchObject({ status: 'LAPSED' });
    expect(await countEvents(facility, id, other, lapsed)).toBe(before);
  });
});

describe('each item has a life of its own', () => {
  test('and the whole is what is left to do', async () => {
    const { id, items } = await reserved(4);
    const [a, b, c, d] = items;
    await transition(world, 'redeem', id, { items: [a] });
    await transition(world, 'confirm', id, { items: [b] });
    const mixed = await transition(world, 'release', id, { items: [c] });
    expect(statusesOf(mixed)).toEqual(['REDEEMED', 'CONFIRMED', 'RELEASED', 'OPEN']);
    expect(mixed).toMatchObject({ status: 'OPEN', until: minutesFromNow(30) });
    expect(await transition(world, 'release', id, { items: [d] })).toMatchObject({
      status: 'CONFIRMED',
      until: minutesFromNow(24 * 60),
    });
    expect(await transition(world, 'redeem', id)).toMatchObject({ status: 'REDEEMED' });
  });

  test('without items a step is reserved for all that still keep their slots', async () => {
    const { id, items } = await reserved(3);
    await transition(world, 'redeem', id, { items: [items[0]] });
    expect(statusesOf(await transition(world, 'release', id))).toEqual([
      'REDEEMED',
      'RELEASED',
      'RELEASED',
    ]);
  });

  test('what is named must be able to take the step, or nothing is changed', async () => {
    const { id, items } = await reserved(2);
    await transition(world, 'release', id, { items: [items[0]] });
    expect(await transition(world, 'redeem', id, { items })).toMatchObject({
      __typename: 'ReservationEnded',
      reservation: { id },
      items: [{ id: items[0], status: 'RELEASED' }],
    });
    expect(statusesOf(await reservationOf(world, id))).toEqual(['RELEASED', 'OPEN']);
  });
});

describe('a step is refused', () => {
  const acts: ReservationAct[] = ['confirm', 'redeem', 'release'];
  const nobody = '00000000-0000-0000-0000-000000000000';

  test.each(acts)('%s: for a reservation that does not exist', async (act) => {
    for (const id of [nobody, 'not an id']) {
      expect(await transition(world, act, id)).toMatchObject({
        __typename: 'UnknownReservation',
        reservationId: id,
      });
    }
  });

  test.each(acts)('%s: for an item of another reservation', async (act) => {
    const [mine, other] = [await reserved(), await reserved()];
    expect(await transition(world, act, mine.id, { items: other.items })).toMatchObject({
      __typename: 'UnknownReservationItem',
      reservationId: mine.id,
      itemId: other.items[0],
    });
  });

  test.each([
    ['confirm', 'release'],
    ['redeem', 'release'],
    ['release', 'redeem'],
  ] as const)('%s: after %s', async (act, before) => {
    const { id } = await reserved();
    await transition(world, before, id);
    expect(await transition(world, act, id)).toMatchObject({ __typename: 'ReservationEnded' });
  });

  test.each(acts)(
    '%s: by a facility that has none of the slots, as if there were none',
    async (act) => {
      const { id } = await reserved();
      const { data } = await transitionRaw(
        world,
        act,
        { reservation: id },
        { role: 'hospital', facilities: [nobody] },
      );
      expect(data.outcome).toMatchObject({ __typename: 'UnknownReservation' });
      expect(await reservationOf(world, id)).toMatchObject({ status: 'OPEN' });
    },
  );

  test.each(acts)('%s: with an empty list of items', async (act) => {
    const { id } = await reserved();
    const { errors } = await transitionRaw(world, act, { reservation: id, items: [] });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test.each(acts)('%s: by the staff where the patients come from, who see it', async (act) => {
    const facility = await facilityWith(1);
    const origin = { area: originElsewhere(await areaOf(facility)) };
    const { id } = await reserve(world, [wish(facility)], { origin });
    const who = { role: 'crisis-staff', areas: [origin.area] };
    const { errors } = await transitionRaw(world, act, { reservation: id }, who);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await reservationOf(world, id)).toMatchObject({ status: 'OPEN' });
  });

  test('a facility acts on its own item of a reservation over several and sees no other', async () => {
    const [own, other] = [await facilityWith(1), await facilityWith(1)];
    const { id, items } = await reserve(world, [wish(own), wish(other)]);
    const who = { role: 'hospital', facilities: [own] };
    const foreign = await transitionRaw(
      world,
      'redeem',
      { reservation: id, items: [items[1].id] },
      who,
    );
    expect(foreign.data.outcome).toMatchObject({ __typename: 'UnknownReservationItem' });
    const { data } = await transitionRaw(world, 'redeem', { reservation: id }, who);
    expect(statusesOf(data.outcome)).toEqual(['REDEEMED']);
    expect(statusesOf(await reservationOf(world, id))).toEqual(['REDEEMED', 'OPEN']);
  });
});

const areaOf = async (facility: string) =>
  (await world.pool.query('SELECT area FROM facility WHERE id = $1', [facility])).rows[0]
    .area as string;
const originElsewhere = (area: string) => (area.startsWith('05') ? '09162' : '05315');

describe('what can never count again is no longer read', () => {
  test('a redeemed bed only once the facility’s own later report counts the patient', async () => {
    const { facility, id } = await reserved();
    world.later(1);
    await transition(world, 'redeem', id);
    await finalizeReported(database, world.clock.now);
    expect(await openItems(id)).toBe(1);
    await send(world, report(world, facility, { operable: 5, occupied: 5 }));
    await untilFinalized(id, finalizeReported);
    expect(await claimsOf(world, facility)).toMatchObject({
      occupied: 5,
      free: 0,
      overcommitted: 0,
    });
  });

  test('a patient who arrived is counted too when the facility’s clock ran ahead of the hub’s', async () => {
    const facility = facilities[next++]!;
    const ahead = new Date(world.clock.now.getTime() + 5 * 60_000).toISOString();
    await send(world, report(world, facility, { operable: 1, occupied: 0, observedAt: ahead }));
    const { id } = await reserve(world, [wish(facility)]);
    world.later(3);
    await transition(world, 'redeem', id);
    expect(await claimsOf(world, facility)).toMatchObject({ occupied: 1, free: 0 });
    await finalizeReported(database, world.clock.now);
    expect(await claimsOf(world, facility)).toMatchObject({ occupied: 1, free: 0 });
  });

  test('by a modelled report only when no older own one could still come into force', async () => {
    const modelled = { operable: 5, occupied: 4, method: 'MODELLED', source: 'register' };
    const facility = facilities[next++]!;
    await send(world, report(world, facility, modelled));
    const { id } = await reserve(world, [wish(facility)]);
    const beforeArrival = world.clock.now.toISOString();
    world.later(1);
    await transition(world, 'redeem', id);
    world.later(1);
    await send(world, report(world, facility, { ...modelled, occupied: 5 }));
    await finalizeReported(database, world.clock.now);
    // The facility's own word from before the arrival comes in late and is in force: the patient is not in it.
    await send(world, report(world, facility, { operable: 5, observedAt: beforeArrival }));
    expect(await claimsOf(world, facility)).toMatchObject({ occupied: 5, free: 0 });
    world.later(24 * 60);
    await untilFinalized(id, finalizeReported);
  });

  test('a casualty of the intake after a day, and subscribers are notified that a slot is free', async () => {
    const facility = facilities[next++]!;
    await declareIntake(world, facility, { immediate: 1 });
    world.later(1);
    const intake = wish(facility, { category: null, intake: 'SK_I' });
    const { id } = await reserve(world, [intake]);
    await transition(world, 'redeem', id);
    world.later(24 * 60 - 1);
    await publishLapsed(database, world.clock.now);
    expect(await reserve(world, [intake])).toMatchObject({ __typename: 'NoPlace' });
    const before = await countEvents(facility);
    world.later(1);
    await untilFinalized(id);
    expect(await countEvents(facility)).toBe(before + 1);
    expect(await reserve(world, [intake])).toMatchObject({ __typename: 'Reservation' });
  });
});
