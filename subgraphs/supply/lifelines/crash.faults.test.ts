import { HOUR_MS, SECOND_MS } from '../../../shared/time/rules.js';
import { crashEverywhere } from '../testing/crashing.js';
import { facilitiesIn } from '../testing/facilities.js';
import { untilDone } from '../testing/jobs.js';
import { fuel, report } from '../testing/lifelines.js';
import { staffOf, supplyWorld, type SupplyWorld } from '../testing/supply-world.js';

/** More than the awaits of an act. */
const FACILITIES = 45;
/** Capacity lists a limit for review that fails within six hours. */
const LASTING_HOURS = 5;

let world: SupplyWorld;
let facilities: string[];
beforeAll(async () => {
  world = await supplyWorld();
  facilities = (await facilitiesIn(world, '05')).slice(0, FACILITIES);
});
afterAll(() => world.close());

/** The declarations that capacity has received of a facility: when each begins, one entry for each time it was declared. */
async function declaredOf(facility: string): Promise<(Date | null)[]> {
  const { rows } = await world.capacity.pool.query<{ from: Date | null }>(
    `SELECT DISTINCT observed_at, CASE WHEN beds = 0 THEN from_at END AS from FROM sustainability_declaration
     WHERE facility_id = $1 AND cause = 'POWER' ORDER BY observed_at`,
    [facility],
  );
  return rows.map(({ from }) => from);
}
async function isReported(facility: string): Promise<boolean> {
  const { rows } = await world.pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM lifeline_report WHERE facility_id = $1',
    [facility],
  );
  return rows[0]!.count > 0;
}
/** Returns the list for review of capacity: the reasons and the hour of each facility. */
async function toReview() {
  const { data, errors } = await world.capacity.request(
    `{ sustainabilityToReview(area: "05", first: 500) { nodes { facility { id } cause reasons from categories } } }`,
    {},
    { role: 'crisis-staff', areas: [''], subject: 'test' },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return new Map<string, any>(
    data.sustainabilityToReview.nodes.map(({ facility, ...rest }: any) => [facility.id, rest]),
  );
}

test(
  'killed at every await of a report of fuel: the hour is declared once and listed for review, or nothing happened',
  async () => {
    const failsAt = new Date(world.clock.now.getTime() + LASTING_HOURS * HOUR_MS);
    const inputs = new Map(
      facilities.map((id) => [id, fuel(world, id, { stock: LASTING_HOURS * 100 })] as const),
    );
    const count = await crashEverywhere(world, facilities, (facility) => ({
      mutation: 'reportLifeline',
      who: staffOf(facility),
      input: inputs.get(facility)!,
    }));
    await untilDone(world);
    const tried = facilities.slice(0, count);
    const reviewed = await toReview();
    const reported: boolean[] = [];
    for (const facility of tried) {
      const isStored = await isReported(facility);
      reported.push(isStored);
      expect(await declaredOf(facility)).toEqual(isStored ? [failsAt] : []);
      expect(reviewed.get(facility)).toEqual(
        isStored
          ? {
              cause: 'POWER',
              reasons: ['FAILS_SOON'],
              from: failsAt.toISOString(),
              categories: expect.arrayContaining(['ICU_HIGH_CARE', 'BURN']),
            }
          : undefined,
      );
    }
    const first = reported.indexOf(true);
    expect(reported).toEqual(reported.map((_, n) => n >= first));
    expect([first > 0, count > first + 3]).toEqual([true, true]);

    for (const facility of tried) await report(world, inputs.get(facility)!);
    await untilDone(world);
    for (const facility of tried) {
      expect((await declaredOf(facility)).at(-1)).toEqual(failsAt);
      expect(await declaredOf(facility)).toHaveLength(1);
    }
  },
  600 * SECOND_MS,
);

test(
  'killed at every await of a report of a full tank: the hour moves and the unexplained rise is listed, or it stands',
  async () => {
    const emptyAt = new Date(world.clock.now.getTime() + 1_000 * HOUR_MS);
    const before = await toReview();
    const concerned = facilities.filter((id) => before.has(id));
    const count = await crashEverywhere(world, concerned, (facility) => ({
      mutation: 'reportLifeline',
      who: staffOf(facility),
      input: fuel(world, facility, { stock: 100_000 }),
    }));
    await untilDone(world);
    const after = await toReview();
    const delivered: boolean[] = [];
    for (const facility of concerned.slice(0, count)) {
      const declared = await declaredOf(facility);
      const isMoved = declared.length === 2;
      delivered.push(isMoved);
      expect(declared.at(-1)).toEqual(isMoved ? emptyAt : expect.any(Date));
      const { reasons } = after.get(facility);
      expect(reasons).toContain(isMoved ? 'SUDDEN_RISE' : 'FAILS_SOON');
      expect(reasons).not.toContain(isMoved ? 'FAILS_SOON' : 'SUDDEN_RISE');
    }
    const first = delivered.indexOf(true);
    expect(delivered).toEqual(delivered.map((_, n) => n >= first));
    expect([first > 0, count > first + 3]).toEqual([true, true]);
  },
  600 * SECOND_MS,
);

test('a declaration whose level nobody has confirmed for a day is listed as not renewed, until it is reported again', async () => {
  const [facility] = (await facilitiesIn(world, '06')) as [string];
  await report(world, fuel(world, facility, { stock: LASTING_HOURS * 100 }));
  await untilDone(world);
  world.later(25 * 60);
  const reasons = async () => {
    const { data } = await world.capacity.request(
      `{ sustainabilityToReview(area: "06") { nodes { facility { id } reasons } } }`,
      {},
      { role: 'crisis-staff', areas: [''], subject: 'test' },
    );
    return data.sustainabilityToReview.nodes.find((one: any) => one.facility.id === facility)
      ?.reasons;
  };
  expect(await reasons()).toEqual(expect.arrayContaining(['NOT_RENEWED']));
  await untilDone(world);
  expect(await reasons()).toEqual(expect.arrayContaining(['NOT_RENEWED']));
  await report(world, fuel(world, facility, { stock: LASTING_HOURS * 100 }));
  await untilDone(world);
  expect(await reasons()).toEqual(['FAILS_SOON', 'SUDDEN_RISE']);
});
