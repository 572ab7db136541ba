import { randomUUID } from 'node:crypto';
import { runAlone } from '../../../shared/database/index.js';
import { eachOnce } from '../../../shared/testing/each-once.js';
import { DAY_MINUTES, HOUR_MS } from '../../../shared/time/rules.js';
import { until } from '../../../tests/until.js';
import { OCCUPANCY_MS, reportBeds, reportOccupied } from '../testing/beds.js';
import { facilitiesIn } from '../testing/facilities.js';
import { itemNamed } from '../testing/items.js';
import { untilDone } from '../testing/jobs.js';
import { fuel, report, reportAll } from '../testing/lifelines.js';
import { book } from '../testing/stocks.js';
import { supplyWorld, type SupplyWorld } from '../testing/supply-world.js';
import { OCCUPANCY_READING } from './store-occupancies.js';

let world: SupplyWorld;
let facilities: string[];
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await supplyWorld();
  facilities = await facilitiesIn(world, '05', 100);
});
afterAll(() => world.close());

/** The declarations that limit beds in capacity, of one category. */
const declared = async (facility: string, category = 'ICU_HIGH_CARE') =>
  (
    await world.capacity.pool.query<{ cause: string; beds: number | null; from: Date }>(
      `SELECT DISTINCT ON (cause) cause::text, beds, from_at AS from FROM sustainability_declaration
       WHERE facility_id = $1 AND category = $2::"BedCategory" AND method <> 'MODELLED' ORDER BY cause, observed_at DESC`,
      [facility, category],
    )
  ).rows;
const countJobs = async () => (await world.pool.query('SELECT FROM job')).rowCount;

describe('beds leave the plan before they fail', () => {
  test('an hour of failure within 24 hours is declared from that hour on, and moves with it', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 1_000 }));
    const failsAt = new Date(world.inMinutes(600));
    await untilDone(world);
    expect(await declared(facility)).toEqual([{ cause: 'POWER', beds: 0, from: failsAt }]);
    await report(world, fuel(world, facility, { stock: 1_500 }));
    const later = new Date(world.inMinutes(900));
    await untilDone(world);
    expect(await declared(facility)).toEqual([{ cause: 'POWER', beds: 0, from: later }]);
  });

  test('a delivery withdraws it', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 500 }));
    await untilDone(world);
    world.later(1);
    const item = await itemNamed(world, 'Diesel');
    await book(world, { facility, item, unit: 'LITRE', quantity: 20_000 });
    await untilDone(world);
    expect(await declared(facility)).toMatchObject([{ cause: 'POWER', beds: null }]);
  });

  test.each<[string, string, string[], string[]]>([
    ['WATER', 'CUBIC_METRE', ['ICU_HIGH_CARE', 'NORMAL_WARD', 'PSYCHIATRY'], []],
    ['HEAT', 'KILOWATT_HOUR', ['ICU_HIGH_CARE', 'NORMAL_WARD'], []],
    ['GENERATOR_FUEL', 'LITRE', ['ICU_HIGH_CARE', 'NORMAL_WARD'], []],
    ['BOTTLED_OXYGEN', 'CUBIC_METRE', ['ICU_HIGH_CARE', 'INTERMEDIATE_CARE'], ['NORMAL_WARD']],
    ['COMPRESSED_AIR', 'CUBIC_METRE', ['ICU_HIGH_CARE', 'NEONATAL_ICU'], ['NORMAL_WARD']],
    ['FOOD', 'PORTION', ['NORMAL_WARD', 'REHABILITATION'], ['ICU_HIGH_CARE']],
    ['BLOOD', 'BLOOD_UNIT', ['ECMO', 'BURN'], ['ICU_HIGH_CARE', 'NORMAL_WARD']],
    ['IT', 'KILOWATT_HOUR', [], ['ICU_HIGH_CARE', 'NORMAL_WARD']],
    ['RADIO', 'KILOWATT_HOUR', [], ['ICU_HIGH_CARE', 'NORMAL_WARD']],
  ])('%s takes the beds that depend on it and no other', async (kind, unit, limited, left) => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { kind, unit, stock: 300 }));
    await untilDone(world);
    for (const category of limited) {
      expect(await declared(facility, category)).toMatchObject([{ beds: 0 }]);
    }
    for (const category of left) expect(await declared(facility, category)).toEqual([]);
  });

  test('a level that falls suddenly stands for review at once, also where its hour is far ahead', async () => {
    const [facility, slowly] = [newFacility(), newFacility()];
    const toReview = async () => {
      const { data } = await world.capacity.request(
        '{ sustainabilityToReview(area: "") { nodes { facility { id } reasons fellAt } } }',
        {},
        { role: 'crisis-staff', areas: [''], subject: 'test' },
      );
      const all = data.sustainabilityToReview.nodes as any[];
      return all.filter((one) => [facility, slowly].includes(one.facility.id));
    };
    for (const one of [facility, slowly]) await report(world, fuel(world, one));
    world.later(5);
    await report(world, fuel(world, facility, { stock: 4_900 }));
    await report(world, fuel(world, slowly, { stock: 5_100 }));
    const fellAt = world.inMinutes(0);
    await untilDone(world);
    expect(await toReview()).toEqual([
      { facility: { id: facility }, reasons: ['SUDDEN_FALL'], fellAt },
    ]);
    world.later(5);
    await report(world, fuel(world, facility, { stock: 10_000 }));
    await untilDone(world);
    expect(await toReview()).toEqual([]);
  });

  test('a fuel gauge that says nothing of the grid counts as drawn on, until somebody says that it is on', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 500 }));
    await untilDone(world);
    expect(await declared(facility)).toMatchObject([{ cause: 'POWER', beds: 0 }]);
    world.later(1);
    const grid = { facility, kind: 'MAINS_POWER', supplied: true, source: 'test' };
    await report(world, { ...grid, observedAt: world.inMinutes(0) });
    await untilDone(world);
    expect(await declared(facility)).toMatchObject([{ cause: 'POWER', beds: null }]);
  });

  test('a failure in more than 24 hours is declared when the clock brings it nearer', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 3_000 }));
    const failsAt = new Date(world.inMinutes(30 * 60));
    await untilDone(world);
    expect(await declared(facility)).toEqual([]);
    world.later(6 * 60 + 1);
    await untilDone(world);
    expect(await declared(facility)).toEqual([{ cause: 'POWER', beds: 0, from: failsAt }]);
  });

  const hoursLeft = async (facility: string) => {
    const { rows } = await world.pool.query('SELECT until FROM bed_limit WHERE facility_id = $1', [
      facility,
    ]);
    return (rows[0].until.getTime() - world.clock.now.getTime()) / HOUR_MS;
  };

  test('it is renewed before it runs out, as long as somebody confirms the level', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 500 }));
    await untilDone(world);
    world.later(11 * 60);
    await report(world, fuel(world, facility, { stock: 0 }));
    await untilDone(world);
    world.later(2 * 60);
    await untilDone(world);
    expect(await hoursLeft(facility)).toBeGreaterThan(21);
  });

  test('it is not renewed for longer than a day after the level was last observed, keeps its effect and needs a person', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 500 }));
    await untilDone(world);
    for (const hours of [13, 12]) {
      world.later(hours * 60);
      await untilDone(world);
    }
    expect(await hoursLeft(facility)).toBeCloseTo(-1, 0);
    expect(await declared(facility)).toMatchObject([{ cause: 'POWER', beds: 0 }]);
    const { data } = await world.capacity.request(
      '{ sustainabilityToReview(area: "") { nodes { facility { id } reasons } } }',
      {},
      { role: 'crisis-staff', areas: [''], subject: 'test' },
    );
    expect(data.sustainabilityToReview.nodes).toContainEqual({
      facility: { id: facility },
      reasons: expect.arrayContaining(['NOT_RENEWED']),
    });
    await report(world, fuel(world, facility, { stock: 400 }));
    await untilDone(world);
    expect(await hoursLeft(facility)).toBeGreaterThan(23);
  });

  test('an import beside an own word that is a day old lifts no limit', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 500 }));
    await untilDone(world);
    world.later(25 * 60);
    await report(world, fuel(world, facility, { stock: 90_000, method: 'IMPORTED' }));
    await report(
      world,
      fuel(world, facility, { kind: 'WATER', unit: 'CUBIC_METRE', stock: 40_000 }),
    );
    await untilDone(world);
    expect(await declared(facility)).toMatchObject([{ cause: 'POWER', beds: 0 }]);
  });

  test('a stair of reports that are dated back stands for review in the call that brings it', async () => {
    const facility = newFacility();
    world.later(1);
    await report(world, fuel(world, facility, { observedAt: world.inMinutes(-DAY_MINUTES) }));
    world.later(60);
    const stair = [5_600, 3_136, 1_756].map((stock, n) =>
      fuel(world, facility, { stock, observedAt: world.inMinutes(-600 + n * 60) }),
    );
    await reportAll(world, stair);
    const { rows } = await world.pool.query('SELECT fell_at FROM lifeline WHERE facility_id = $1', [
      facility,
    ]);
    expect(rows[0].fell_at).toEqual(new Date(world.inMinutes(0)));
  });

  test('a dipstick takes the beds by the load that was stated last, and by a modelled load none', async () => {
    const [known, unknown] = [newFacility(), newFacility()];
    for (const one of [known, unknown]) {
      await world.pool.query(
        `INSERT INTO occupancy (facility_id, intensive, intensive_beds, ward_beds) VALUES ($1, 0, 20, 400)
         ON CONFLICT (facility_id) DO UPDATE SET ward_beds = 400`,
        [one],
      );
    }
    await report(world, fuel(world, known, { stock: 10_000, load: 200 }));
    world.later(1);
    const dipstick = { stock: 400, load: null };
    expect(await report(world, fuel(world, known, dipstick))).toMatchObject({
      load: 200,
      loadMethod: 'REPORTED',
      hoursRemaining: 2,
      status: 'CRITICAL',
      limitsBeds: true,
    });
    expect(await report(world, fuel(world, unknown, dipstick))).toMatchObject({
      load: 100,
      loadMethod: 'MODELLED',
      hoursRemaining: 4,
      status: 'CRITICAL',
      limitsBeds: false,
    });
    await untilDone(world);
    expect(await declared(known)).toMatchObject([{ cause: 'POWER', beds: 0 }]);
    expect(await declared(unknown)).toEqual([]);
    await report(world, fuel(world, unknown, { stock: 0, load: null }));
    await untilDone(world);
    expect(await declared(unknown)).toMatchObject([{ cause: 'POWER', beds: 0 }]);
  });

  test('a modelled level declares nothing', async () => {
    const before = await countJobs();
    await report(world, fuel(world, newFacility(), { stock: 1, method: 'MODELLED' }));
    await untilDone(world);
    expect(await countJobs()).toBe(before);
  });

  test('one report is one declaration: what it changes in capacity comes back as nothing', async () => {
    const facility = newFacility();
    await reportOccupied(world, facility, 5);
    await untilDone(world);
    const before = await countJobs();
    const oxygen = { kind: 'LIQUID_OXYGEN', unit: 'CUBIC_METRE', stock: 100, load: 10 };
    await report(world, fuel(world, facility, oxygen));
    await untilDone(world);
    for (const _ of [1, 2, 3]) await world.elapse(OCCUPANCY_MS);
    await untilDone(world);
    expect(await countJobs()).toBe(before! + 1);
  });

  test('while capacity is unavailable the report is stored, and the declaration follows', async () => {
    const facility = newFacility();
    await world.capacity.stop();
    const reported = await report(world, fuel(world, facility, { stock: 100 }));
    expect(reported).toMatchObject({ __typename: 'Lifeline', hoursRemaining: 1 });
    await world.capacity.restart();
    await untilDone(world);
    expect(await declared(facility)).toMatchObject([{ cause: 'POWER', beds: 0 }]);
  });
});

describe('oxygen follows the occupied beds', () => {
  const oxygen = { kind: 'LIQUID_OXYGEN', unit: 'CUBIC_METRE', stock: 1_800, load: undefined };
  const read = async (id: string) =>
    (await world.pool.query('SELECT load, fails_at AS "failsAt" FROM lifeline WHERE id = $1', [id]))
      .rows[0];

  test('twice the ventilated patients halve the time', async () => {
    const facility = newFacility();
    await reportOccupied(world, facility, 10);
    const { id, load, hoursRemaining } = await report(world, fuel(world, facility, oxygen));
    expect({ load, hoursRemaining }).toEqual({ load: 18, hoursRemaining: 100 });
    await reportOccupied(world, facility, 20);
    const { load: doubled, failsAt } = await read(id);
    expect(doubled).toBe(36);
    const hours = (failsAt.getTime() - world.clock.now.getTime()) / HOUR_MS;
    expect(hours).toBeCloseTo(50, 1);
  });

  test('one process reads at a time, so that none stores beds of before over newer ones', async () => {
    const facility = newFacility();
    await reportOccupied(world, facility, 10);
    const { id } = await report(world, fuel(world, facility, oxygen));
    await until(() =>
      runAlone(world.pool, OCCUPANCY_READING, async () => {
        world.later(1);
        await reportBeds(world, facility, 50, { occupied: 20 });
        await world.elapse(OCCUPANCY_MS);
        expect((await read(id)).load).toBe(18);
      }),
    );
    await until(async () => {
      await world.elapse(OCCUPANCY_MS);
      return (await read(id)).load === 36;
    });
  });

  test('a metered load changes as the demand does', async () => {
    const facility = newFacility();
    await reportOccupied(world, facility, 10);
    const { id } = await report(world, fuel(world, facility, { ...oxygen, load: 30 }));
    await reportOccupied(world, facility, 20);
    expect((await read(id)).load).toBe(60);
  });

  test('modelled occupancy gives a level an hour, which limits nothing', async () => {
    const facility = newFacility();
    await reportOccupied(world, facility, 10, { method: 'MODELLED' });
    const near = { ...oxygen, stock: 180, method: 'DEVICE' };
    const gauge = { role: 'hospital', facilities: [facility] };
    expect(await report(world, fuel(world, facility, near), gauge)).toMatchObject({
      load: 18,
      loadMethod: 'MODELLED',
      hoursRemaining: 10,
      status: 'LOW',
      limitsBeds: false,
    });
    await untilDone(world);
    expect(await declared(facility)).toEqual([]);
    await reportOccupied(world, facility, 10);
    await untilDone(world);
    expect(await declared(facility)).toMatchObject([{ cause: 'OXYGEN', beds: 0 }]);
  });

  test('a category that the facility did not report counts as it is modelled', async () => {
    const facility = newFacility();
    await reportOccupied(world, facility, 40, {
      category: 'INTERMEDIATE_CARE',
      method: 'MODELLED',
    });
    await reportOccupied(world, facility, 10);
    const { load, loadMethod, hoursRemaining } = await report(world, fuel(world, facility, oxygen));
    expect({ load, loadMethod }).toEqual({ load: 18 + 14.4, loadMethod: 'MODELLED' });
    expect(hoursRemaining).toBeCloseTo(1_800 / 32.4, 3);
    await reportOccupied(world, facility, 10, { category: 'INTERMEDIATE_CARE' });
    const { rows } = await world.pool.query(
      'SELECT load, load_method AS method FROM lifeline WHERE facility_id = $1',
      [facility],
    );
    expect(rows).toEqual([{ load: 18 + 3.6, method: 'REPORTED' }]);
  });

  test('what changed while capacity was unavailable is read afterwards', async () => {
    const facility = newFacility();
    await reportOccupied(world, facility, 10);
    const { id } = await report(world, fuel(world, facility, oxygen));
    await world.capacity.stop();
    await world.elapse(OCCUPANCY_MS);
    await world.capacity.restart();
    await reportOccupied(world, facility, 40);
    expect((await read(id)).load).toBe(72);
  });

  test('a cursor that expired is replaced by a whole reading', async () => {
    const facility = newFacility();
    await reportOccupied(world, facility, 10);
    const { id } = await report(world, fuel(world, facility, oxygen));
    await world.capacity.pool.query('UPDATE outbox_epoch SET key = $1', [randomUUID()]);
    await world.capacity.stop();
    await world.capacity.restart();
    await reportOccupied(world, facility, 20);
    expect((await read(id)).load).toBe(36);
  });
});
