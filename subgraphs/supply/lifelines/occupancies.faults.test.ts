import { crashEverywhere } from '../../../shared/testing/crash-everywhere.js';
import { SECOND_MS } from '../../../shared/time/rules.js';
import { reportBeds, reportOccupied } from '../testing/beds.js';
import { crashingAct } from '../testing/crashing.js';
import { facilitiesIn } from '../testing/facilities.js';
import { fuel, report } from '../testing/lifelines.js';
import { CRISIS_STAFF, supplyWorld, type SupplyWorld } from '../testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld();
});
afterAll(() => world.close());

test(
  'killed at every await of reading the occupied beds, each hour of failure follows them once',
  async () => {
    const facilities = await facilitiesIn(world, '05', 40);
    const oxygen = { kind: 'LIQUID_OXYGEN', unit: 'CUBIC_METRE', stock: 1_800, load: undefined };
    for (const facility of facilities) await reportOccupied(world, facility, 10);
    for (const facility of facilities) await report(world, fuel(world, facility, oxygen));
    // Without its timers, which would read before the process that crashes.
    await world.stop();
    const left = [...facilities];
    const changed = await crashEverywhere(
      async () => {
        const facility = left.pop()!;
        world.later(1);
        await reportBeds(world, facility, 50, { occupied: 30 });
        return facility;
      },
      (_, killAt) => crashingAct(world, CRISIS_STAFF, { clock: 'follow', killAt }),
    );
    expect(changed.length).toBeGreaterThan(8);
    const isCrashed = await crashingAct(world, CRISIS_STAFF, { clock: 'follow', killAt: 0 });
    expect(isCrashed).toBe(false);
    const { rows } = await world.pool.query<{ id: string; load: number; events: number }>(
      `SELECT l.facility_id AS id, l.load,
         (SELECT count(*)::int FROM outbox_event e WHERE e.entity = l.id::text) AS events
       FROM lifeline l WHERE l.facility_id = ANY ($1::uuid[])`,
      [facilities],
    );
    const moved = { load: 54, events: 2 };
    const still = { load: 18, events: 1 };
    expect(new Map(rows.map(({ id, ...state }) => [id, state]))).toEqual(
      new Map(facilities.map((id) => [id, changed.includes(id) ? moved : still])),
    );
  },
  300 * SECOND_MS,
);
