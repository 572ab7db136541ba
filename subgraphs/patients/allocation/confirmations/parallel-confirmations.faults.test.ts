import { facilitiesIn, newIncident } from '../../testing/casualties.js';
import { patientsWorld, type PatientsWorld } from '../../testing/patients-world.js';
import { giveBeds, register } from '../../testing/transfers.js';
import { confirm, giveIntake, intakesOf, planOf } from '../../testing/plans.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());

const PLANS = 200;
const FACILITIES = 20;
const SLOTS = 10;

/** Sends reports of facilities until it is stopped; they accept `slotsAt` of the number of their reports. */
function streaming(
  facilities: readonly string[],
  slotsAt: (round: number) => number = () => SLOTS,
) {
  let goesOn = true;
  let sent = 0;
  const done = (async () => {
    for (; goesOn; sent++) {
      const facility = facilities[sent % facilities.length]!;
      await giveBeds(world, [facility], 4);
      await giveIntake(world, [facility], slotsAt(Math.floor(sent / facilities.length)));
    }
  })();
  return async () => {
    goesOn = false;
    await done;
    return sent;
  };
}

/** Reads the reserved slots of facilities repeatedly; returns every number above the limit. */
function watchForOverbooking(facilities: readonly string[]) {
  let goesOn = true;
  const wrong: object[] = [];
  const done = (async () => {
    while (goesOn) {
      for (const [facility, intakes] of await intakesOf(world, facilities)) {
        wrong.push(
          ...intakes
            .filter(({ limit, reserved }) => reserved > limit)
            .map((one) => ({ facility, ...one })),
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

/** Plans with three times as many entries as the facilities have slots; each shares a patient with the next. */
async function competing(facilities: readonly string[]): Promise<string[]> {
  await giveIntake(world, facilities, SLOTS);
  const incident = await newIncident(world);
  const patients = await register(world, { incident }, 2 * PLANS);
  const plans: string[] = [];
  for (let n = 0; n < PLANS; n++) {
    // Two patients of its own, and one who is in the next plan too, with another facility.
    const three = [2 * n, 2 * n + 1, (2 * n + 2) % patients.length];
    const entries = three.map((index, slot) => ({
      patient: patients[index]!,
      facility: facilities[(n + slot) % FACILITIES]!,
    }));
    plans.push(await planOf(world, { incident }, entries));
  }
  return plans;
}

/** Reads over and over; gives what was reserved more of than before although nothing was left, of limits that only fall. */
function watchForGrantsAboveLimit(facilities: readonly string[]) {
  let goesOn = true;
  const wrong: object[] = [];
  const full = new Map<string, number>();
  const lowest = new Map<string, number>();
  const done = (async () => {
    while (goesOn) {
      for (const [facility, intakes] of await intakesOf(world, facilities)) {
        const { limit, reserved } = intakes.find(({ category }) => category === 'SK_II')!;
        if (reserved > (full.get(facility) ?? Infinity)) wrong.push({ facility, limit, reserved });
        if (reserved >= limit) full.set(facility, reserved);
        lowest.set(facility, limit);
      }
    }
  })();
  return async () => {
    goesOn = false;
    await done;
    return { wrong, lowest: [...lowest.values()] };
  };
}

test('200 competing confirmations at once overbook no facility and send no patient twice', async () => {
  const facilities = await facilitiesIn(world, '05', FACILITIES);
  const plans = await competing(facilities);
  const overbooked = watchForOverbooking(facilities);
  const stop = streaming(facilities);
  const outcomes = await Promise.all(plans.map((plan) => confirm(world, plan)));
  expect(await stop()).toBeGreaterThan(5);
  expect(await overbooked()).toEqual([]);

  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['CONFIRMED']));
  const { rows: described } = await world.pool.query<{
    outcome: string;
    code?: string;
    count: number;
  }>(
    'SELECT outcome::text, lost_to::text AS code, count(*)::int FROM allocation GROUP BY 1, 2 ORDER BY 1, 2',
  );
  const counts = Object.fromEntries(
    described.map(({ outcome, code, count }) => [code ?? outcome, count]),
  );
  const { CONFIRMED = 0, PLACE_TAKEN = 0, ALREADY_MOVED = 0 } = counts;
  expect(CONFIRMED + PLACE_TAKEN + ALREADY_MOVED).toBe(3 * PLANS);
  expect(CONFIRMED).toBeGreaterThan(FACILITIES * SLOTS * 0.7);

  const { rows: sent } = await world.pool.query<Record<string, any>>(
    `SELECT to_facility AS facility, count(*)::int AS transfers, count(DISTINCT patient_id)::int AS patients,
       count(DISTINCT reservation_item)::int AS slots FROM transfer GROUP BY to_facility`,
  );
  const intakes = await intakesOf(world, facilities);
  for (const facility of facilities) {
    const { limit, reserved } = intakes
      .get(facility)!
      .find(({ category }) => category === 'SK_II')!;
    const transfers = sent.find((row) => row['facility'] === facility)?.['transfers'];
    expect(reserved).toBeLessThanOrEqual(limit);
    expect({ facility, reserved }).toEqual({ facility, reserved: transfers });
  }
  for (const { transfers, slots } of sent) expect(slots).toBe(transfers);
  const { rowCount } = await world.pool.query(
    'SELECT FROM transfer GROUP BY patient_id HAVING count(*) > 1',
  );
  expect(rowCount).toBe(0);
  const open = await world.pool.query('SELECT FROM job WHERE done_at IS NULL');
  expect(open.rowCount).toBe(0);
});

test('200 confirmations while every facility accepts fewer with each report: none exceeds the limit of the moment', async () => {
  const facilities = await facilitiesIn(world, '09', FACILITIES);
  const plans = await competing(facilities);
  const above = watchForGrantsAboveLimit(facilities);
  const stop = streaming(facilities, (round) => Math.max(1, SLOTS - 2 * round));
  const outcomes = await Promise.all(plans.map((plan) => confirm(world, plan)));
  expect(await stop()).toBeGreaterThan(5);
  const { wrong, lowest } = await above();
  expect(wrong).toEqual([]);
  // Otherwise no limit has fallen while slots were reserved.
  expect(Math.min(...lowest)).toBeLessThan(SLOTS);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['CONFIRMED']));
});
