import { randomUUID } from 'node:crypto';
import { SECOND_MS } from '../../../shared/time/rules.js';
import { crashEverywhere } from '../testing/crashing.js';
import { reportBeds } from '../testing/beds.js';
import { bedsIn, reportFault, ventilators } from '../testing/devices.js';
import { facilitiesIn } from '../testing/facilities.js';
import { untilDone } from '../testing/jobs.js';
import { staffOf, supplyWorld, type SupplyWorld } from '../testing/supply-world.js';

/** More than the awaits of an act. */
const FACILITIES = 60;

let world: SupplyWorld;
let facilities: string[];
beforeAll(async () => {
  world = await supplyWorld();
  facilities = (await facilitiesIn(world, '05')).slice(0, 2 * FACILITIES);
  for (const facility of facilities) await reportBeds(world, facility, 10);
  world.later(60);
});
afterAll(() => world.close());

/** How many declarations of a facility capacity has received, and what the last one lets it keep in use. */
async function declaredOf(facility: string) {
  const { rows } = await world.capacity.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM sustainability_declaration WHERE facility_id = $1 AND cause = 'DEVICE'`,
    [facility],
  );
  const { sustainable } = await bedsIn(world, facility);
  return [rows[0]!.count, sustainable];
}
const faultsOf = async (facility: string) =>
  (
    await world.pool.query<{ status: string }>(
      'SELECT status FROM device_fault WHERE facility_id = $1',
      [facility],
    )
  ).rows.map(({ status }) => status);

test(
  'killed at every await of a report: the fault is stored with one declaration, or nothing happened; repeating it does it once',
  async () => {
    const inputs = new Map(
      facilities.slice(0, FACILITIES).map((id) => [id, ventilators(world, id)]),
    );
    const count = await crashEverywhere(world, [...inputs.keys()], (facility) => ({
      mutation: 'reportDeviceFault',
      who: staffOf(facility),
      input: inputs.get(facility)!,
    }));
    await untilDone(world);
    const tried = [...inputs.keys()].slice(0, count);
    const stored: number[] = [];
    for (const facility of tried) {
      const faults = await faultsOf(facility);
      stored.push(faults.length);
      expect(await declaredOf(facility)).toEqual(faults.length === 0 ? [0, null] : [1, 8]);
    }
    const first = stored.indexOf(1);
    expect(stored).toEqual(stored.map((_, n) => (n < first ? 0 : 1)));
    expect([first > 0, count > first + 8]).toEqual([true, true]);
    for (const facility of tried) {
      await reportFault(world, inputs.get(facility)!);
    }
    await untilDone(world);
    for (const facility of tried) {
      expect(await faultsOf(facility)).toEqual(['REPORTED']);
      expect(await declaredOf(facility)).toEqual([1, 8]);
    }
  },
  600 * SECOND_MS,
);

test(
  'killed at every await of a closing: the case is closed and its beds are back, or it is open and they are not',
  async () => {
    const others = facilities.slice(FACILITIES);
    const faults = new Map<string, string>();
    for (const facility of others) {
      faults.set(facility, (await reportFault(world, ventilators(world, facility))).id);
    }
    await untilDone(world);
    const count = await crashEverywhere(world, others, (facility) => ({
      mutation: 'closeDeviceFault',
      who: staffOf(facility),
      input: {
        fault: faults.get(facility)!,
        resolution: 'REPAIRED',
        idempotencyKey: randomUUID(),
      },
    }));
    await untilDone(world);
    const closed: boolean[] = [];
    for (const facility of others.slice(0, count)) {
      const isClosed = (await faultsOf(facility))[0] === 'CLOSED';
      closed.push(isClosed);
      expect(await declaredOf(facility)).toEqual(isClosed ? [2, null] : [1, 8]);
    }
    const first = closed.indexOf(true);
    expect(closed).toEqual(closed.map((_, n) => n >= first));
    expect([first > 0, count > first + 3]).toEqual([true, true]);
  },
  600 * SECOND_MS,
);
