import { DAY_MINUTES, MINUTE_MS } from '../../../../shared/time/rules.js';
import { openDatabase, type Database } from '../../database/database.js';
import { capacityWorld, type CapacityWorld } from '../../testing/capacity-world.js';
import { report, send } from '../../testing/reports.js';
import {
  claimsOf,
  countEvents,
  openItems,
  untilFinalized,
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
  database = openDatabase(world.databaseUrl);
  scene = await ReservationScene.in(world);
});
afterAll(async () => {
  await database.close();
  await world.close();
});

describe('the clock', () => {
  test('ends a reservation exactly at its time, whether or not anybody noticed', async () => {
    const { facility, id } = await scene.reserved();
    const start = world.clock.now;
    world.clock.now = new Date(start.getTime() + 30 * MINUTE_MS - 1);
    expect(await reservationOf(world, id)).toMatchObject({ status: 'OPEN' });
    expect(await claimsOf(world, facility)).toMatchObject({ reserved: 1, free: 0 });
    world.clock.now = new Date(start.getTime() + 30 * MINUTE_MS);
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
    world.clock.now = new Date(here.getTime() + 30 * MINUTE_MS);
    await reserve(world, [slotRequest(facility)]);
    world.clock.now = new Date(here.getTime() + 30 * MINUTE_MS - 1);
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
    await untilFinalized(world, database, id);
    expect(
      await world.eventsOf({ entity: id, topic: 'capacity.reservation-lapsed' }),
    ).toMatchObject([{ tags: [expect.stringContaining(`:${facility}`)] }]);
    expect(await reservationOf(world, id)).toMatchObject({ status: 'LAPSED' });
  });
});

describe('a slot that can never count again is no longer read', () => {
  test('a redeemed bed only once the facility’s own later report counts the patient', async () => {
    const { facility, id } = await scene.reserved();
    world.later(1);
    await transition(world, 'redeem', id);
    await finalizeReported(database, world.clock.now);
    expect(await openItems(world, id)).toBe(1);
    await send(world, report(world, facility, { operable: 5, occupied: 5 }));
    await untilFinalized(world, database, id, finalizeReported);
    expect(await claimsOf(world, facility)).toMatchObject({
      occupied: 5,
      free: 0,
      overcommitted: 0,
    });
  });

  test('a patient who arrived is counted too when the facility’s clock ran ahead of the hub’s', async () => {
    const facility = scene.nextFacility();
    const ahead = world.inMinutes(5);
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
    world.later(DAY_MINUTES);
    await untilFinalized(world, database, id, finalizeReported);
  });

  test('a casualty of the intake after a day, and subscribers are notified that a slot is free', async () => {
    const facility = scene.nextFacility();
    await declareIntake(world, facility, { immediate: 1 });
    world.later(1);
    const intake = slotRequest(facility, { category: null, intake: 'SK_I' });
    const { id } = await reserve(world, [intake]);
    await transition(world, 'redeem', id);
    world.later(DAY_MINUTES - 1);
    await publishLapsed(database, world.clock.now);
    expect(await reserve(world, [intake])).toMatchObject({ __typename: 'NoFreeSlot' });
    const before = await countEvents(world, facility);
    world.later(1);
    await untilFinalized(world, database, id);
    expect(await countEvents(world, facility)).toBe(before + 1);
    expect(await reserve(world, [intake])).toMatchObject({ __typename: 'Reservation' });
  });
});
