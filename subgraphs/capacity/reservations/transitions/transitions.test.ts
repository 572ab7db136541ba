import { DAY_MINUTES } from '../../../../shared/time/rules.js';
import { openDatabase, type Database } from '../../database/database.js';
import { capacityWorld, type CapacityWorld } from '../../testing/capacity-world.js';
import { report, send } from '../../testing/reports.js';
import {
  claimsOf,
  countEvents,
  untilFinalized,
  reservationOf,
  ReservationScene,
  reserve,
  statusesOf,
  transition,
  slotRequest,
} from '../../testing/reservations.js';

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

describe('confirming', () => {
  test('keeps the slot for a day', async () => {
    const { facility, id } = await scene.reserved();
    expect(await transition(world, 'confirm', id)).toMatchObject({
      status: 'CONFIRMED',
      until: world.inMinutes(DAY_MINUTES),
      items: [{ status: 'CONFIRMED', confirmedAt: world.clock.now.toISOString() }],
    });
    world.later(31);
    await send(world, report(world, facility, { operable: 5, occupied: 4 }));
    expect(await claimsOf(world, facility)).toMatchObject({ reserved: 1, free: 0 });
  });

  test('again changes nothing and sends no event, unless it names another time', async () => {
    const { facility, id } = await scene.reserved();
    const first = await transition(world, 'confirm', id);
    world.later(5);
    const before = await countEvents(world, facility, id);
    expect(await transition(world, 'confirm', id)).toEqual(first);
    expect(await countEvents(world, facility, id)).toBe(before);
    const until = world.inMinutes(10);
    const changed = await transition(world, 'confirm', id, { until });
    expect(changed).toMatchObject({ status: 'CONFIRMED', until });
    expect(changed.items[0].confirmedAt).toBe(first.items[0].confirmedAt);
    expect(await transition(world, 'confirm', id, { until })).toEqual(changed);
  });

  test.each([
    ['now', 0],
    ['more than a day ahead', DAY_MINUTES + 1],
  ])('is refused for a time that is %s', async (_, minutes) => {
    const { id } = await scene.reserved();
    const until = world.inMinutes(minutes);
    expect(await transition(world, 'confirm', id, { until })).toMatchObject({
      __typename: 'ExpiryOutOfRange',
      at: until,
      latest: world.inMinutes(DAY_MINUTES),
    });
  });
});

describe('redeeming', () => {
  test('makes the slot an occupied one, until a report counts the patient', async () => {
    const { facility, id } = await scene.reserved();
    expect(await claimsOf(world, facility)).toMatchObject({ occupied: 4, reserved: 1, free: 0 });
    expect(await transition(world, 'redeem', id)).toMatchObject({ status: 'REDEEMED' });
    expect(await claimsOf(world, facility)).toMatchObject({ occupied: 4, reserved: 0, free: 1 });
    world.later(1);
    const { facility: other, id: later } = await scene.reserved();
    world.later(1);
    await transition(world, 'redeem', later);
    expect(await claimsOf(world, other)).toMatchObject({ occupied: 5, reserved: 0, free: 0 });
    await send(world, report(world, other, { operable: 5, occupied: 5 }));
    expect(await claimsOf(world, other)).toMatchObject({ occupied: 5, free: 0 });
  });

  test('needs no confirmation before, and again changes nothing', async () => {
    const { facility, id } = await scene.reserved();
    const first = await transition(world, 'redeem', id);
    world.later(60);
    const before = await countEvents(world, facility, id);
    expect(await transition(world, 'redeem', id)).toEqual(first);
    expect(await transition(world, 'confirm', id)).toEqual(first);
    expect(await countEvents(world, facility, id)).toBe(before);
  });
});

describe('releasing', () => {
  test('gives the slot to the next at once', async () => {
    const { facility, id } = await scene.reserved();
    expect(await transition(world, 'release', id)).toMatchObject({
      status: 'RELEASED',
      items: [{ releasedAt: world.clock.now.toISOString() }],
    });
    expect(await claimsOf(world, facility)).toMatchObject({ reserved: 0, free: 1 });
    expect(await reserve(world, [slotRequest(facility)])).toMatchObject({
      __typename: 'Reservation',
    });
  });

  test('again, or after the slot has lapsed, changes nothing', async () => {
    const { facility, id } = await scene.reserved();
    const first = await transition(world, 'release', id);
    const { facility: other, id: lapsed } = await scene.reserved();
    world.later(30);
    await untilFinalized(world, database, lapsed);
    const before = await countEvents(world, facility, id, other, lapsed);
    expect(await transition(world, 'release', id)).toEqual(first);
    expect(await transition(world, 'release', lapsed)).toMatchObject({ status: 'LAPSED' });
    expect(await countEvents(world, facility, id, other, lapsed)).toBe(before);
  });
});

describe('each item has a life of its own', () => {
  test('and the whole is what is left to do', async () => {
    const { id, items } = await scene.reserved(4);
    const [a, b, c, d] = items;
    await transition(world, 'redeem', id, { items: [a] });
    await transition(world, 'confirm', id, { items: [b] });
    const mixed = await transition(world, 'release', id, { items: [c] });
    expect(statusesOf(mixed)).toEqual(['REDEEMED', 'CONFIRMED', 'RELEASED', 'OPEN']);
    expect(mixed).toMatchObject({ status: 'OPEN', until: world.inMinutes(30) });
    expect(await transition(world, 'release', id, { items: [d] })).toMatchObject({
      status: 'CONFIRMED',
      until: world.inMinutes(DAY_MINUTES),
    });
    expect(await transition(world, 'redeem', id)).toMatchObject({ status: 'REDEEMED' });
  });

  test('without items a transition is meant for all that still keep their slots', async () => {
    const { id, items } = await scene.reserved(3);
    await transition(world, 'redeem', id, { items: [items[0]] });
    expect(statusesOf(await transition(world, 'release', id))).toEqual([
      'REDEEMED',
      'RELEASED',
      'RELEASED',
    ]);
  });

  test('what is named must be able to take the step, or nothing is changed', async () => {
    const { id, items } = await scene.reserved(2);
    await transition(world, 'release', id, { items: [items[0]] });
    expect(await transition(world, 'redeem', id, { items })).toMatchObject({
      __typename: 'ReservationEnded',
      reservation: { id },
      items: [{ id: items[0], status: 'RELEASED' }],
    });
    expect(statusesOf(await reservationOf(world, id))).toEqual(['RELEASED', 'OPEN']);
  });
});
