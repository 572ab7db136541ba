import { randomUUID } from 'node:crypto';
import { inTransaction } from '../../../../shared/database/index.js';
import { nextChange } from '../../../../shared/testing/next-change.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import { register } from '../../testing/transfers.js';
import {
  hospitalsIn,
  incidentBeside,
  NO_WALK_INS,
  opens,
  planned,
  propose,
  type Hospital,
} from '../../testing/proposals.js';
import { planOf } from '../../testing/plans.js';
import { publishPlan } from './store-changes.js';

let world: PatientsWorld;
let near: Hospital;
let far: Hospital;
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  [near] = (await hospitalsIn(world, '05315', 1)) as [Hospital];
  [far] = (await hospitalsIn(world, '05111', 1)) as [Hospital];
  await opens(world, near, { SK_II: 2 });
  await opens(world, far, { SK_II: 3 });
  incident = await incidentBeside(world, near);
  await register(world, { incident }, 4);
});
afterAll(() => world.close());

const WATCH = `subscription ($incident: ID, $area: String, $after: String) {
  allocationChanged(incident: $incident, area: $area, after: $after) {
    cursor at plan { id status assignments { totalCount } summary { patients } } } }`;
const watchFromNow = (variables: object = {}, who?: TestIdentity) =>
  world.watchFromNow(WATCH, variables, who);
const proposed = async (whose = incident): Promise<string> =>
  (await propose(world, whose, { parameters: NO_WALK_INS })).id;
const discarded = (plan: string) => planned(world, 'discardAllocation', { plan });
/** As a confirmation leaves it. */
const confirmed = (plan: string) =>
  inTransaction(world.pool, async (db) => {
    await db.query(`UPDATE allocation_plan SET status = 'CONFIRMED' WHERE id = $1`, [plan]);
    await publishPlan(db, 'patients.allocation-confirmed', plan, world.clock.now);
  });

test('a proposal and its end are delivered to callers who lead, with the present plan', async () => {
  const watch = await watchFromNow({}, { role: 'dispatch', areas: ['05315'] });
  const id = await proposed();
  expect(await nextChange(watch)).toEqual({
    cursor: expect.any(String),
    at: world.clock.now.toISOString(),
    plan: { id, status: 'PROPOSED', assignments: { totalCount: 4 }, summary: { patients: 4 } },
  });
  await discarded(id);
  expect((await nextChange(watch)).plan).toMatchObject({ id, status: 'DISCARDED' });
  await watch.return!();
});

test('the destination areas and the facilities are notified at the confirmation and not before', async () => {
  const whos: TestIdentity[] = [
    { role: 'dispatch', areas: ['05111'] },
    { role: 'crisis-staff', areas: ['05111'] },
    staffOf(far.id),
  ];
  const watches = await Promise.all(whos.map((who) => watchFromNow({}, who)));
  const [first, second] = [await proposed(), await proposed()];
  await discarded(first);
  await confirmed(second);
  for (const watch of watches) {
    expect((await nextChange(watch)).plan).toEqual({
      id: second,
      status: 'CONFIRMED',
      assignments: { totalCount: 2 },
      summary: null,
    });
    await watch.return!();
  }
});

test('the filters limit the events: to the incident, and to the area where patients are or are sent', async () => {
  const [hamburg] = (await hospitalsIn(world, '02000', 1)) as [Hospital];
  await opens(world, hamburg, { SK_II: 3 });
  const elsewhere = await incidentBeside(world, hamburg);
  await register(world, { incident: elsewhere });
  const [byIncident, byArea, byDestination] = await Promise.all([
    watchFromNow({ incident: elsewhere }),
    watchFromNow({ area: '02' }),
    watchFromNow({ area: '05111' }),
  ]);
  const here = await proposed();
  const there = await proposed(elsewhere);
  await confirmed(here);
  expect((await nextChange(byIncident)).plan.id).toBe(there);
  expect((await nextChange(byArea)).plan.id).toBe(there);
  expect((await nextChange(byDestination)).plan).toMatchObject({ id: here, status: 'CONFIRMED' });
  await Promise.all([byIncident, byArea, byDestination].map((watch) => watch.return!()));
});

test('a caller who sees only a part of a plan is notified by the destinations of that part, not by those of others', async () => {
  const [here] = (await hospitalsIn(world, '05515', 1)) as [Hospital];
  await opens(world, here, { SK_II: 3 });
  const [hamburg] = (await hospitalsIn(world, '02000', 1)) as [Hospital];
  const who: TestIdentity = { role: 'crisis-staff', areas: ['05'] };
  const elsewhere = await incidentBeside(world, hamburg);
  const patients = await register(world, { incident: elsewhere }, 2);
  const both = () =>
    planOf(world, { incident: elsewhere }, [
      { patient: patients[0]!, facility: here.id },
      { patient: patients[1]!, facility: far.id },
    ]);
  const staff = async (area: string) => watchFromNow({ area }, who);
  const munster: TestIdentity = { role: 'crisis-staff', areas: ['05515'] };
  const [own, foreign] = [await staff('05515'), await watchFromNow({ area: '05111' }, munster)];
  const [first, second] = [await both(), await proposed()];
  await confirmed(first);
  expect((await nextChange(own)).plan.id).toBe(first);
  // The caller sees a part of the first plan, but not in the area of the filter, and nothing of the second in it.
  await confirmed(second);
  const third = await planOf(world, { incident: elsewhere }, [
    { patient: patients[1]!, facility: far.id },
  ]);
  await confirmed(third);
  const silent = Symbol('nothing');
  const none = (await world.request('{ patientsCursor }')) && silent;
  expect(await Promise.race([foreign.next(), untilReceived(third).then(() => none)])).toBe(silent);
  await Promise.all([own, foreign].map((watch) => watch.return!()));
});

/** Waits until another subscriber has received a plan. */
async function untilReceived(plan: string): Promise<void> {
  const watch = await world.watch(
    WATCH,
    { after: await world.cursor(), area: '05111' },
    { role: 'dispatch', areas: ['05111'] },
  );
  await confirmed(plan);
  expect((await nextChange(watch)).plan.id).toBe(plan);
  await watch.return!();
}

test('a subscriber who reconnects receives each plan once, as it is now', async () => {
  const after = await world.cursor();
  const [first, second] = [await proposed(), await proposed()];
  await discarded(first);
  const watch = await world.watch(WATCH, { after });
  expect((await nextChange(watch)).plan).toMatchObject({ id: second, status: 'PROPOSED' });
  expect((await nextChange(watch)).plan).toMatchObject({ id: first, status: 'DISCARDED' });
  await watch.return!();
});

test('a subscription that could never receive an event is refused, and so is a caller who may read no plan', async () => {
  for (const [variables, who, code] of [
    [{ incident: randomUUID() }, undefined, 'BAD_USER_INPUT'],
    [{ area: '5' }, undefined, 'BAD_USER_INPUT'],
    [{}, { role: 'health-office', areas: [''] }, 'FORBIDDEN'],
    [{}, { role: 'spoc', areas: [''] }, 'FORBIDDEN'],
  ] as const) {
    const watch = await world.watch(WATCH, variables, who as TestIdentity | undefined);
    await expect(watch.next()).rejects.toMatchObject([{ extensions: { code } }]);
  }
});
