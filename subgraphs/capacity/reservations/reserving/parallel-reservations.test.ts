import { MINUTE_MS } from '../../../../shared/time/rules.js';
import { capacityWorld, type CapacityWorld } from '../../testing/capacity-world.js';
import { facilitiesOf, report, sendAll } from '../../testing/reports.js';
import {
  claimsOf,
  declareIntake,
  reserve,
  reserveInput,
  reserveRaw,
  transition,
  slotRequest,
} from '../../testing/reservations.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

const times = <T>(count: number, make: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));
const named = (outcomes: { __typename: string }[], name: string) =>
  outcomes.filter(({ __typename }) => __typename === name);

/** Reports of the same facility, one after the other until stopped; each of another instant, with the same numbers. */
function streaming(facility: string, numbers: object) {
  let goesOn = true;
  let sent = 0;
  const start = world.clock.now.getTime() - MINUTE_MS;
  const done = (async () => {
    while (goesOn) {
      const observedAt = new Date(start + sent++).toISOString();
      await sendAll(world, [report(world, facility, { ...numbers, observedAt })]);
    }
  })();
  return async () => {
    goesOn = false;
    await done;
    return sent;
  };
}

test('200 callers at once on 50 slots, while reports stream in: 50 get one, 150 learn where else', async () => {
  const [facility, ...others] = await facilitiesOf(world, '05', 8);
  const numbers = { operable: 54, occupied: 4 };
  await sendAll(
    world,
    [facility!, ...others].map((id) => report(world, id, { ...numbers, source: 'before' })),
  );
  const negative = watchForNegatives(facility!);
  const stop = streaming(facility!, numbers);
  const outcomes = await times(200, () => reserve(world, [slotRequest(facility!)]));
  expect(await stop()).toBeGreaterThan(5);
  expect(await negative()).toEqual([]);

  expect(named(outcomes, 'Reservation')).toHaveLength(50);
  const refusals = named(outcomes, 'NoFreeSlot') as any[];
  expect(refusals).toHaveLength(150);
  for (const { shortfalls } of refusals) {
    expect(shortfalls).toMatchObject([{ facility: { id: facility }, free: 0 }]);
    expect(shortfalls[0].alternatives).toHaveLength(5);
  }
  expect(await claimsOf(world, facility!)).toMatchObject({
    occupied: 4,
    reserved: 50,
    free: 0,
    overcommitted: 0,
  });
});

/** Reads the facility's claims over and over; gives those that could never be right. */
function watchForNegatives(facility: string) {
  let goesOn = true;
  const wrong: object[] = [];
  const done = (async () => {
    while (goesOn) {
      const claims = await claimsOf(world, facility);
      const { operable, occupied, reserved, free, overcommitted } = claims;
      const isSum = free === operable - occupied - reserved;
      const isRight = free >= 0 && reserved <= 50 && isSum;
      if (!isRight || overcommitted > 0) wrong.push(claims);
    }
  })();
  return async () => {
    goesOn = false;
    await done;
    return wrong;
  };
}

test('the intake of a facility is never passed, however many call at once', async () => {
  const [facility] = await facilitiesOf(world, '14');
  await declareIntake(world, facility!, { immediate: 10 });
  const outcomes = await times(60, () =>
    reserve(world, [slotRequest(facility!, { category: null, intake: 'SK_I' })]),
  );
  expect(named(outcomes, 'Reservation')).toHaveLength(10);
  expect(named(outcomes, 'NoFreeSlot')).toHaveLength(50);
});

test('the same key from 20 callers at once reserves once', async () => {
  const [facility] = await facilitiesOf(world, '06');
  await sendAll(world, [report(world, facility!, { operable: 54, occupied: 4 })]);
  const input = reserveInput([slotRequest(facility!)]);
  const responses = await times(20, () => reserveRaw(world, input));
  const ids = new Set(responses.map(({ data }) => data.reserveBeds.id));
  expect(ids.size).toBe(1);
  expect(await claimsOf(world, facility!)).toMatchObject({ reserved: 1, free: 49 });
});

test('callers over the same facilities in opposite orders never wait for each other in a circle', async () => {
  const facilities = await facilitiesOf(world, '09', 40);
  await sendAll(
    world,
    facilities.map((facility) => report(world, facility, { operable: 14, occupied: 4 })),
  );
  const outcomes = await times(24, (n) =>
    reserve(
      world,
      (n % 2 ? facilities : [...facilities].reverse()).map((facility) => slotRequest(facility)),
    ),
  );
  expect(named(outcomes, 'Reservation')).toHaveLength(10);
  expect(named(outcomes, 'NoFreeSlot')).toHaveLength(14);
  for (const facility of facilities) {
    expect(await claimsOf(world, facility)).toMatchObject({ reserved: 10, free: 0 });
  }
});

test('concurrent transitions of one reservation end in one of the possible states', async () => {
  const [facility] = await facilitiesOf(world, '03');
  await sendAll(world, [report(world, facility!, { operable: 24, occupied: 4 })]);
  for (let round = 0; round < 5; round++) {
    const { id } = await reserve(world, [slotRequest(facility!), slotRequest(facility!)]);
    const outcomes = await Promise.all(
      (['redeem', 'release', 'confirm', 'release', 'redeem'] as const).map((step) =>
        transition(world, step, id),
      ),
    );
    const statuses = new Set(
      named(outcomes, 'Reservation').map((reservation: any) => reservation.status),
    );
    const isOneEnd = !(statuses.has('REDEEMED') && statuses.has('RELEASED'));
    expect({ statuses, isOneEnd }).toMatchObject({ isOneEnd: true });
  }
});
