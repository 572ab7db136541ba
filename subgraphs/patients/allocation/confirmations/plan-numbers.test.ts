import { facilitiesIn, newIncident } from '../../testing/casualties.js';
import { patientsWorld, type PatientsWorld } from '../../testing/patients-world.js';
import { register } from '../../testing/transfers.js';
import { confirm, giveIntake, planOf } from '../../testing/plans.js';

let world: PatientsWorld;
let facilities: string[];
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 4);
  await giveIntake(world, facilities.slice(0, 3), 5);
  incident = await newIncident(world);
});
afterAll(() => world.close());

const read = async (plan: string) =>
  (
    await world.request(
      `query ($plan: ID!) { allocationPlan(id: $plan) {
        summary { patients allocated unallocated overridden confirmed lost weightedMinutes }
        assignments { totalCount nodes { patient { id } outcome category minutes reasons { message } } }
        unallocated { totalCount nodes { patient { id } code } }
        load { nodes { facility { id } category assigned allowed limit } } } }`,
      { plan },
    )
  ).data.allocationPlan;
/** Every sum of a plan that can be made of its lists. */
function expectToAddUp({ summary, assignments, unallocated, load }: any): void {
  const count = (part: string): number => summary[part];
  const standing = assignments.nodes.filter(({ outcome }: any) => outcome !== 'OVERRIDDEN');
  const minutes = standing.reduce((sum: number, one: any) => sum + 3 * one.minutes, 0);
  expect(summary.patients).toBe(count('allocated') + count('unallocated'));
  expect(unallocated.totalCount).toBe(summary.unallocated);
  expect(assignments.totalCount).toBe(count('allocated') + count('overridden'));
  expect(standing).toHaveLength(summary.allocated);
  expect(load.nodes.reduce((sum: number, one: { assigned: number }) => sum + one.assigned, 0)).toBe(
    summary.allocated,
  );
  expect(summary.weightedMinutes).toBeCloseTo(minutes, 0);
}

test('after mixed overrides the numbers of a plan match its lists', async () => {
  const [near, far, other, silent] = facilities as [string, string, string, string];
  const ids = await register(world, { incident }, 6);
  const [stays, moves, kept, goes, undeclared, left] = ids as [string, ...string[]];
  const plan = await planOf(
    world,
    { incident },
    [stays, moves, kept, undeclared].map((patient) => ({ patient: patient!, facility: near })),
    [goes!, left!],
  );
  expectToAddUp(await read(plan));
  await confirm(world, plan, {
    overrides: [
      { patient: stays, facility: null, reason: 'not stable' },
      { patient: moves, facility: other, reason: 'her mother is there' },
      { patient: goes, facility: far, reason: 'has waited long enough' },
      { patient: undeclared, facility: silent, reason: 'they know him' },
    ],
  });
  const after = await read(plan);
  expectToAddUp(after);
  expect(after.summary).toMatchObject({
    patients: 6,
    allocated: 4,
    unallocated: 2,
    overridden: 3,
    confirmed: 3,
    lost: 1,
  });
  expect(after.unallocated.nodes).toEqual([
    { patient: { id: left }, code: 'NO_PLACE_LEFT' },
    { patient: { id: stays }, code: 'LEFT_BY_DISPATCHER' },
  ]);
  const loads = new Map(after.load.nodes.map((one: any) => [one.facility.id, one]));
  expect(loads.get(near)).toMatchObject({ assigned: 1, limit: 5 });
  expect(loads.get(far)).toMatchObject({ assigned: 1, allowed: 5, limit: 5, category: 'SK_II' });
  expect(loads.get(other)).toMatchObject({ assigned: 1, limit: 5 });
  expect(loads.get(silent)).toMatchObject({ assigned: 1, allowed: 0, limit: 0 });
  const { reasons } = after.assignments.nodes.find(({ patient }: any) => patient.id === goes);
  expect(reasons[0].message).toContain('had no facility for the patient: ');
});
