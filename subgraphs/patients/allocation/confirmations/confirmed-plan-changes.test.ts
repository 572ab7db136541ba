import { facilitiesIn, newIncident } from '../../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import { register } from '../../testing/transfers.js';
import { confirm, giveIntake, planOf } from '../../testing/plans.js';
import {
  incidentBeside,
  NO_WALK_INS,
  opens,
  planned,
  propose,
  type Hospital,
} from '../../testing/proposals.js';

const MAINZ_BINGEN = '07339';
const MAINZ = '07315';
const WIESBADEN = '06414';

/** The control rooms on the two sides of the Rhine: two Länder. */
const HERE: TestIdentity = { role: 'dispatch', areas: ['07'], subject: 'dispatcher in Mainz' };
const NEIGHBOUR: TestIdentity = {
  role: 'dispatch',
  areas: ['06'],
  subject: 'dispatcher in Wiesbaden',
};

const CHANGED = `subscription ($area: String, $incident: ID, $after: String) {
  allocationChanged(area: $area, incident: $incident, after: $after) {
  cursor plan { id status area summary { patients } assignments { totalCount nodes { facility { id } patient { id } transfer { id } } } } } }`;

let world: PatientsWorld;
let here: string;
let there: string;
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  [here] = (await facilitiesIn(world, '07', 1)) as [string];
  [there] = (await facilitiesIn(world, WIESBADEN, 1)) as [string];
  await giveIntake(world, [here, there], 100);
  incident = await newIncident(world, { area: MAINZ_BINGEN });
});
afterAll(() => world.close());

const crossing = async () => {
  const [stays, goes] = await register(world, { incident }, 2);
  return planOf(world, { incident }, [
    { patient: stays!, facility: here },
    { patient: goes!, facility: there },
  ]);
};
type Watch = Awaited<ReturnType<PatientsWorld['watch']>>;
/** Watches every change from now on, also those before the subscription stands. */
async function watched(query: string, variables: object, who: TestIdentity): Promise<Watch> {
  const { data } = await world.request('{ patientsCursor }');
  return world.watch(query, { ...variables, after: data.patientsCursor }, who);
}
const receivedBy = async (watch: Watch, field = 'allocationChanged') =>
  (await watch.next()).value!.data![field];
/** The first change of a plan that finds it confirmed. */
async function confirmedOf(watch: Watch) {
  for (;;) {
    const { plan } = await receivedBy(watch);
    if (plan?.status === 'CONFIRMED') return plan;
  }
}

test('the control room of the neighbouring Land receives its part of a plan at the confirmation and not before', async () => {
  const mainz = await hospitalIn(MAINZ);
  await opens(world, mainz, { SK_II: 1 });
  const crossed = await incidentBeside(world, { ...mainz, area: MAINZ_BINGEN });
  await register(world, { incident: crossed }, 2);
  const neighbour = await watched(CHANGED, { area: '06' }, NEIGHBOUR);
  const planInput = { radiusKm: 50, parameters: NO_WALK_INS };
  const discarded = await propose(world, crossed, planInput, HERE);
  await planned(world, 'discardAllocation', { plan: discarded.id }, HERE);
  const { id: confirmed, assignments } = await propose(world, crossed, planInput, HERE);
  const facilities = assignments.nodes.map(({ facility }: any) => facility.id);
  expect(facilities.sort()).toEqual([mainz.id, there].sort());
  expect(await seenBy(NEIGHBOUR, confirmed)).toBeNull();
  await confirm(world, confirmed, {}, HERE);
  // An earlier event would be delivered first.
  const { plan: first } = await receivedBy(neighbour);
  expect(first.id).toBe(confirmed);
  const plan = first.status === 'CONFIRMED' ? first : await confirmedOf(neighbour);
  expect(plan).toMatchObject({
    id: confirmed,
    area: MAINZ_BINGEN,
    summary: null,
    assignments: {
      totalCount: 1,
      nodes: [{ facility: { id: there }, patient: null, transfer: null }],
    },
  });
  expect(await seenBy(NEIGHBOUR, confirmed)).toMatchObject({ id: confirmed });
  expect(await seenBy(NEIGHBOUR, discarded.id)).toBeNull();
  await neighbour.return!();
});

test('a caller who leads is notified of the confirmation, with the whole plan', async () => {
  const watch = await watched(CHANGED, { incident }, HERE);
  const plan = await crossing();
  await confirm(world, plan, {}, HERE);
  expect(await confirmedOf(watch)).toMatchObject({
    id: plan,
    summary: { patients: 2 },
    assignments: { totalCount: 2 },
  });
  await watch.return!();
});

test('each facility is notified of its own transfers and of its part of the plan, a third Land of nothing', async () => {
  const strangers: TestIdentity = {
    role: 'crisis-staff',
    areas: ['09'],
    subject: 'staff in Bavaria',
  };
  const plans = await watched(CHANGED, {}, staffOf(there));
  const transfers = await watched(
    'subscription ($after: String) { transferChanged(after: $after) { transfer { status to { id } patient { id } } } }',
    {},
    staffOf(there),
  );
  const third = await watched(CHANGED, {}, strangers);
  const [plan, later] = [await crossing(), await confirmable('09')];
  await confirm(world, plan, {}, HERE);
  expect(await receivedBy(transfers, 'transferChanged')).toMatchObject({
    transfer: { status: 'DESTINATION_REQUESTED', to: { id: there }, patient: expect.any(Object) },
  });
  expect(await confirmedOf(plans)).toMatchObject({
    id: plan,
    summary: null,
    assignments: { nodes: [{ facility: { id: there } }] },
  });
  await confirm(world, later);
  expect((await confirmedOf(third)).id).toBe(later);
  for (const watch of [plans, transfers, third]) await watch.return!();
});

test('subscribers of the incident are notified of the new timeline entry', async () => {
  const watch = await watched(
    'subscription ($id: ID, $after: String) { incidentChanged(id: $id, after: $after) { incident { timeline { kind } } } }',
    { id: incident },
    { role: 'crisis-staff', areas: ['07'], subject: 'staff of the Land' },
  );
  await confirm(world, await crossing(), {}, HERE);
  let kind: unknown;
  // They are notified of the casualties that were registered first, too.
  while (kind !== 'ALLOCATION_CONFIRMED') {
    kind = (await receivedBy(watch, 'incidentChanged')).incident.timeline.at(-1).kind;
  }
  await watch.return!();
});

test('the event of a confirmation carries ids and codes only', async () => {
  const plan = await crossing();
  await confirm(world, plan, {}, HERE);
  const topic = 'patients.allocation-confirmed';
  expect(await world.eventsOf({ entity: plan, topic })).toEqual([
    {
      entity: plan,
      topic,
      area: MAINZ_BINGEN,
      tags: [
        `incident:${incident}`,
        ...[`area:${await areaOf(here)}`, `area:${WIESBADEN}`].sort(),
        ...[`facility:${here}`, `facility:${there}`].sort(),
        ...[`sent:${await areaOf(here)}:${here}`, `sent:${WIESBADEN}:${there}`].sort(),
      ],
    },
  ]);
});

/** A plan of an incident of its own in an area, which sends one patient to a facility there. */
async function confirmable(area: string): Promise<string> {
  const [facility] = await facilitiesIn(world, area, 1);
  await giveIntake(world, [facility!], 5);
  const elsewhere = await newIncident(world, { area: '09162' });
  const [patient] = await register(world, { incident: elsewhere });
  return planOf(world, { incident: elsewhere }, [{ patient: patient!, facility: facility! }]);
}

async function hospitalIn(area: string): Promise<Hospital> {
  const { data } = await world.requestCapacity(
    `query ($area: String!) { facilities(filter: { area: $area, kinds: [HOSPITAL] }, first: 1) {
      nodes { id area position { latitude longitude } } } }`,
    { area },
  );
  return data.facilities.nodes[0];
}

async function seenBy(who: TestIdentity, id: string) {
  const { data, errors } = await world.request(
    'query ($id: ID!) { allocationPlan(id: $id) { id } }',
    { id },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.allocationPlan;
}

async function areaOf(facility: string): Promise<string> {
  const { data } = await world.requestCapacity('query ($id: ID!) { facility(id: $id) { area } }', {
    id: facility,
  });
  return data.facility.area;
}
