import { openDatabase, type Database } from '../../database/database.js';
import { capacityWorld, type CapacityWorld } from '../../testing/capacity-world.js';
import { report, send } from '../../testing/reports.js';
import {
  claimsOf,
  declareIntake,
  reservationOf,
  ReservationScene,
  reserve,
  transition,
  slotRequest,
} from '../../testing/reservations.js';
import { finalizeReported, publishLapsed } from '../store-timers.js';

let world: CapacityWorld;
let database: Database;
let scene: ReservationScene;

beforeAll(async () => {
  world = await capacityWorld();
  database = openDatabase(world.pool.options.connectionString!);
  scene = await ReservationScene.in(world);
});
afterAll(async () => {
  await database.close();
  await world.close();
});

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
    const { facility, id } = await scene.reserved();
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
    const { facility, id } = await scene.reserved();
    world.later(30);
    expect(await reserve(world, [slotRequest(facility)])).toMatchObject({
      __typename: 'Reservation',
    });
    expect(await transition(world, 'confirm', id)).toMatchObject({
      __typename: 'ReservationEnded',
    });
  });

  test('does not revive a slot that was given on by a process whose clock is ahead', async () => {
    const { facility, id } = await scene.reserved();
    const here = world.clock.now;
    world.clock.now = new Date(here.getTime() + 30 * 60_000);
    await reserve(world, [slotRequest(facility)]);
    world.clock.now = new Date(here.getTime() + 30 * 60_000 - 1);
    for (const act of ['confirm', 'redeem'] as const) {
      expect(await transition(world, act, id)).toMatchObject({ __typename: 'ReservationEnded' });
    }
    world.later(1);
    expect(await claimsOf(world, facility)).toMatchObject({ reserved: 1, overcommitted: 0 });
  });

  test('a lapse is published once, from however many processes', async () => {
    const { facility, id } = await scene.reserved(2);
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

describe('a slot that can never count again is no longer read', () => {
  test('a redeemed bed only once the facility’s own later report counts the patient', async () => {
    const { facility, id } = await scene.reserved();
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
    const facility = scene.nextFacility();
    const ahead = new Date(world.clock.now.getTime() + 5 * 60_000).toISOString();
    await send(world, report(world, facility, { operable: 1, occupied: 0, observedAt: ahead }));
    const { id } = await reserve(world, [slotRequest(facility)]);
    world.later(3);
    await transition(world, 'redeem', id);
    expect(await claimsOf(world, facility)).toMatchObject({ occupied: 1, free: 0 });
    await finalizeReported(database, world.clock.now);
    expect(await claimsOf(world, facility)).toMatchObject({ occupied: 1, free: 0 });
  });

  test('by a modelled report only when no older own one could still come into force', async () => {
    const modelled = { operable: 5, occupied: 4, method: 'MODELLED', source: 'register' };
    const facility = scene.nextFacility();
    await send(world, report(world, facility, modelled));
    const { id } = await reserve(world, [slotRequest(facility)]);
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
    const facility = scene.nextFacility();
    await declareIntake(world, facility, { immediate: 1 });
    world.later(1);
    const intake = slotRequest(facility, { category: null, intake: 'SK_I' });
    const { id } = await reserve(world, [intake]);
    await transition(world, 'redeem', id);
    world.later(24 * 60 - 1);
    await publishLapsed(database, world.clock.now);
    expect(await reserve(world, [intake])).toMatchObject({ __typename: 'NoFreeSlot' });
    const before = await countEvents(facility);
    world.later(1);
    await untilFinalized(id);
    expect(await countEvents(facility)).toBe(before + 1);
    expect(await reserve(world, [intake])).toMatchObject({ __typename: 'Reservation' });
  });
});
