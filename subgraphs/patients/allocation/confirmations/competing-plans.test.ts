import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import { call, register, transferOf } from '../../testing/transfers.js';
import { confirm } from '../../testing/plans.js';
import {
  entryOf,
  givenBy,
  incidentBeside,
  NO_WALK_INS,
  opens,
  planned,
  propose,
  untouchedKreise,
} from '../../testing/proposals.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());
const newKreis = untouchedKreise(() => world);

const SK_II = { category: 'SK_II', physician: true };
/** Everything in one wave. */
const parameters = { ...NO_WALK_INS, waveSkII: 100 };
const idsOf = (nodes: any[]) => nodes.map(({ patient }) => patient.id).sort();

test('of two plans for the same patients one sends them, and the next proposal covers only those that are lost', async () => {
  const [near, far] = await newKreis(2);
  await opens(world, near!, { SK_II: 2 });
  await opens(world, far!, { SK_II: 10 });
  const incident = await incidentBeside(world, near!);
  const other = await incidentBeside(world, near!);
  const patients = await register(world, { incident }, 4, SK_II);
  await register(world, { incident: other }, 2, SK_II);
  const planInput = { area: near!.area, parameters };
  const plan = await propose(world, incident, planInput);
  expect(givenBy(plan)).toEqual(new Map([[near!.id, 2], [far!.id, 2]])); // prettier-ignore
  const competing = await propose(world, other, planInput);
  expect(givenBy(competing)).toEqual(new Map([[near!.id, 2]]));
  await confirm(world, competing.id);

  const { lost, summary } = await confirm(world, plan.id);
  expect(summary).toEqual({ confirmed: 2, lost: 2 });
  expect(lost.nodes).toMatchObject([{ code: 'PLACE_TAKEN' }, { code: 'PLACE_TAKEN' }]);
  expect(idsOf(lost.nodes)).toEqual(
    idsOf(plan.assignments.nodes.filter((one: any) => one.facility.id === near!.id)),
  );

  const again = await propose(world, incident, planInput);
  expect(idsOf(again.assignments.nodes)).toEqual(idsOf(lost.nodes));
  expect(givenBy(again)).toEqual(new Map([[far!.id, 2]]));
  expect(await confirm(world, again.id)).toMatchObject({ summary: { confirmed: 2, lost: 0 } });
  expect(await propose(world, incident, planInput)).toMatchObject({
    __typename: 'NobodyToAllocate',
    considered: patients.length,
  });
});

test('the second of two plans for the same incident finds that all have moved', async () => {
  const [facility] = await newKreis(1);
  await opens(world, facility!, { SK_II: 10 });
  const incident = await incidentBeside(world, facility!);
  await register(world, { incident }, 3, SK_II);
  const planInput = { area: facility!.area, parameters };
  const [one, two] = [
    await propose(world, incident, planInput),
    await propose(world, incident, planInput),
  ];
  expect(two.digest).toBe(one.digest);
  const outcomes = await Promise.all([confirm(world, one.id), confirm(world, two.id)]);
  const transfers = await world.pool.query('SELECT FROM transfer WHERE incident_id = $1', [
    incident,
  ]);
  expect(transfers.rowCount).toBe(3);
  const lost = outcomes.flatMap((outcome) => outcome.lost.nodes);
  expect(lost.map(({ code }) => code)).toEqual(Array(3).fill('ALREADY_MOVED'));
});

test('a plan of the solver is confirmed with the proposed facilities; a discarded one is not confirmed', async () => {
  const [facility] = await newKreis(1);
  await opens(world, facility!, { SK_II: 10 });
  const incident = await incidentBeside(world, facility!);
  const [patient] = await register(world, { incident }, 1, SK_II);
  const planInput = { area: facility!.area, parameters };
  const dropped = await propose(world, incident, planInput);
  await planned(world, 'discardAllocation', { plan: dropped.id });
  expect(await confirm(world, dropped.id)).toMatchObject({
    __typename: 'PlanEnded',
    message: expect.stringContaining('discarded'),
    plan: { status: 'DISCARDED' },
  });
  const plan = await propose(world, incident, planInput);
  const { minutes, means } = entryOf(plan, patient!);
  expect(entryOf(await confirm(world, plan.id), patient!)).toMatchObject({
    minutes,
    means,
    outcome: 'CONFIRMED',
  });
  expect(await planned(world, 'discardAllocation', { plan: plan.id })).toMatchObject({
    __typename: 'PlanEnded',
    plan: { status: 'CONFIRMED' },
  });
});

test('a full facility distributes patients: it proposes, the approving office confirms, the other facility accepts', async () => {
  const [full, free] = await newKreis(2);
  await opens(world, free!, { SK_II: 10 });
  const patients = await register(world, { facility: full!.id }, 2, SK_II);
  const itself = staffOf(full!.id);
  const plan = await planned(world, 'distributeFrom', { facility: full!.id, count: 5 }, itself);
  expect(givenBy(plan)).toEqual(new Map([[free!.id, 2]]));
  const office: TestIdentity = { role: 'dispatch', areas: [full!.area], subject: 'dispatcher' };
  const { assignments } = await confirm(world, plan.id, {}, office);
  expect(idsOf(assignments.nodes)).toEqual([...patients].sort());
  for (const { transfer } of assignments.nodes) {
    expect(transfer.status).toBe('DESTINATION_REQUESTED');
    await call(world, 'acceptTransfer', { transfer: transfer.id }, staffOf(free!.id));
    expect(await transferOf(world, transfer.id, itself)).toMatchObject({
      kind: 'CAPACITY',
      status: 'ACCEPTED',
      from: { id: full!.id },
      to: { id: free!.id },
    });
  }
});
