import { patientsWorld, type PatientsWorld } from '../../testing/patients-world.js';
import { confirm, giveIntake, intakesOf, planOf } from '../../testing/plans.js';
import { giveBeds, facilitiesOf, incidentIn, register } from '../../testing/transfers.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());

const PLANS = 200;
const HOUSES = 20;
const PLACES = 10;

/** Reports of houses over and over until told to stop; what they take is `placesAt` of how often they have reported. */
function streaming(houses: readonly string[], placesAt: (round: number) => number = () => PLACES) {
  let goesOn = true;
  let sent = 0;
  const done = (async () => {
    for (; goesOn; sent++) {
      const house = houses[sent % houses.length]!;
      await giveBeds(world, [house], 4);
      await giveIntake(world, [house], placesAt(Math.floor(sent / houses.length)));
    }
  })();
  return async () => {
    goesOn = false;
    await done;
    return sent;
  };
}

/** Reads what houses have given away over and over; gives what was ever more than they take. */
function watchForOverbooking(houses: readonly string[]) {
  let goesOn = true;
  const wrong: object[] = [];
  const done = (async () => {
    while (goesOn) {
      for (const [house, intakes] of await intakesOf(world, houses)) {
        wrong.push(
          ...intakes
            .filter(({ limit, reserved }) => reserved > limit)
            .map((one) => ({ house, ...one })),
        );
      }
    }
  })();
  return async () => {
    goesOn = false;
    await done;
    return wrong;
  };
}

/** Plans for the houses' places, three times as many wishes as places; each shares a patient with the next. */
async function competing(houses: readonly string[]): Promise<string[]> {
  await giveIntake(world, houses, PLACES);
  const incident = await incidentIn(world);
  const patients = await register(world, { incident }, 2 * PLANS);
  const plans: string[] = [];
  for (let n = 0; n < PLANS; n++) {
    // Two of its own, and one who stands in the next plan too, with another house.
    const three = [2 * n, 2 * n + 1, (2 * n + 2) % patients.length];
    const entries = three.map((index, place) => ({
      patient: patients[index]!,
      facility: houses[(n + place) % HOUSES]!,
    }));
    plans.push(await planOf(world, { incident }, entries));
  }
  return plans;
}

/** Reads over and over; gives what was reserved more of than before although nothing was left, of limits that only fall. */
function watchForGrantsAboveLimit(houses: readonly string[]) {
  let goesOn = true;
  const wrong: object[] = [];
  const full = new Map<string, number>();
  const lowest = new Map<string, number>();
  const done = (async () => {
    while (goesOn) {
      for (const [house, intakes] of await intakesOf(world, houses)) {
        const { limit, reserved } = intakes.find(({ category }) => category === 'SK_II')!;
        if (reserved > (full.get(house) ?? Infinity)) wrong.push({ house, limit, reserved });
        if (reserved >= limit) full.set(house, reserved);
        lowest.set(house, limit);
      }
    }
  })();
  return async () => {
    goesOn = false;
    await done;
    return { wrong, lowest: [...lowest.values()] };
  };
}

test('200 confirmations of competing plans at once, while reports stream in: no house is overbooked, nobody is sent twice, nothing leaks', async () => {
  const houses = await facilitiesOf(world, '05', HOUSES);
  const plans = await competing(houses);
  const overbooked = watchForOverbooking(houses);
  const stop = streaming(houses);
  const outcomes = await Promise.all(plans.map((plan) => confirm(world, plan)));
  expect(await stop()).toBeGreaterThan(5);
  expect(await overbooked()).toEqual([]);

  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['CONFIRMED']));
  const { rows: told } = await world.pool.query<{ outcome: string; code?: string; count: number }>(
    'SELECT outcome::text, lost_to::text AS code, count(*)::int FROM allocation GROUP BY 1, 2 ORDER BY 1, 2',
  );
  const counts = Object.fromEntries(
    told.map(({ outcome, code, count }) => [code ?? outcome, count]),
  );
  const { CONFIRMED = 0, PLACE_TAKEN = 0, ALREADY_MOVED = 0 } = counts;
  expect(CONFIRMED + PLACE_TAKEN + ALREADY_MOVED).toBe(3 * PLANS);
  expect(CONFIRMED).toBeGreaterThan(HOUSES * PLACES * 0.7);

  const { rows: sent } = await world.pool.query<Record<string, any>>(
    `SELECT to_facility AS house, count(*)::int AS transfers, count(DISTINCT patient_id)::int AS patients,
       count(DISTINCT reservation_item)::int AS places FROM transfer GROUP BY to_facility`,
  );
  const intakes = await intakesOf(world, houses);
  for (const house of houses) {
    const { limit, reserved } = intakes.get(house)!.find(({ category }) => category === 'SK_II')!;
    const transfers = sent.find((row) => row['house'] === house)?.['transfers'];
    expect(reserved).toBeLessThanOrEqual(limit);
    expect({ house, reserved }).toEqual({ house, reserved: transfers });
  }
  for (const { transfers, places } of sent) expect(places).toBe(transfers);
  const { rowCount } = await world.pool.query(
    'SELECT FROM transfer GROUP BY patient_id HAVING count(*) > 1',
  );
  expect(rowCount).toBe(0);
  const open = await world.pool.query('SELECT FROM job WHERE done_at IS NULL');
  expect(open.rowCount).toBe(0);
});

test('200 confirmations while every house takes fewer with each report: none is given above the limit of the moment', async () => {
  const houses = await facilitiesOf(world, '09', HOUSES);
  const plans = await competing(houses);
  const above = watchForGrantsAboveLimit(houses);
  const stop = streaming(houses, (round) => Math.max(1, PLACES - 2 * round));
  const outcomes = await Promise.all(plans.map((plan) => confirm(world, plan)));
  expect(await stop()).toBeGreaterThan(5);
  const { wrong, lowest } = await above();
  expect(wrong).toEqual([]);
  // Otherwise nothing has fallen while places were given.
  expect(Math.min(...lowest)).toBeLessThan(PLACES);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['CONFIRMED']));
});
