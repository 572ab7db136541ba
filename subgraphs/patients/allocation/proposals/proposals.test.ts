import { newKey } from '../../testing/casualties.js';
import { patientsWorld, type PatientsWorld, staffOf } from '../../testing/patients-world.js';
import { call, primary, register } from '../../testing/transfers.js';
import {
  doInCapacity,
  entryOf,
  givenBy,
  incidentBeside,
  NO_WALK_INS,
  opens,
  propose,
  SK_I,
  untouchedScenes,
  whyLeft,
} from '../../testing/proposals.js';
import { confirm } from '../../testing/plans.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());
const { newKreis, newScene } = untouchedScenes(() => world);

const parameters = NO_WALK_INS;

/** Makes the transfers of a plan one by one, as a confirmation does. */
async function createTransfers(plan: any): Promise<void> {
  for (const { patient, facility } of plan.assignments.nodes) {
    const transferRequest = primary(patient.id, { bedCategory: null, to: facility.id });
    const outcome = await call(world, 'requestTransfer', transferRequest);
    if (outcome.__typename !== 'Transfer') throw new Error(JSON.stringify(outcome));
  }
}

test('a trauma centre is assigned at most 10 patients without a call, and at most 30 after its alarm plan', async () => {
  const facilities = await newKreis(2);
  const [centre, practice] = facilities as [(typeof facilities)[0], (typeof facilities)[0]];
  await doInCapacity(world, 'declareCapabilities', {
    facility: centre.id,
    source: 'register',
    method: 'REPORTED',
    traumaLevel: 'LOCAL',
    capabilities: [],
  });
  const incident = await incidentBeside(world, centre);
  for (const category of ['SK_I', 'SK_II', 'SK_III']) {
    await register(world, { incident }, 30, { category });
  }
  const all = { ...parameters, waveSkI: 100, waveSkII: 100, waveSkIII: 100 };
  const planInput = { area: centre.area, parameters: all };
  expect(givenBy(await propose(world, incident, planInput))).toEqual(new Map([[centre.id, 10]]));
  await doInCapacity(world, 'activateAlarmPlan', { facility: centre.id, reason: 'train' });
  const after = await propose(world, incident, planInput);
  expect(givenBy(after)).toEqual(new Map([[centre.id, 30]]));
  expect(givenBy(after).has(practice.id)).toBe(false);
});

test('six facilities with two slots a wave take 12 of 15 SK I in the first wave and 3 in the second', async () => {
  const { hospitals: facilities, incident, planInput } = await newScene(6, { SK_I: 10 });
  await register(world, { incident }, 15, SK_I);
  const first = await propose(world, incident, planInput);
  expect(first.summary).toMatchObject({ patients: 15, allocated: 12, unallocated: 3 });
  expect(givenBy(first)).toEqual(new Map(facilities.map(({ id }) => [id, 2])));
  expect(new Set(Object.values(whyLeft(first)))).toEqual(new Set(['NEXT_WAVE']));
  await createTransfers(first);
  const again = await propose(world, incident, planInput);
  expect(again.summary).toMatchObject({ patients: 3, allocated: 0 });
  const second = await propose(world, incident, { ...planInput, wave: 2 });
  expect(second).toMatchObject({ wave: 2, summary: { allocated: 3, unallocated: 0 } });
});

test('a transfer that was cancelled or refused frees the share of its facility', async () => {
  const {
    hospitals: [facility],
    incident,
    planInput,
  } = await newScene(1, { SK_I: 10 });
  await register(world, { incident }, 2, SK_I);
  const first = await propose(world, incident, planInput);
  await createTransfers(first);
  const [one, two] = first.assignments.nodes.map(({ patient }: any) => patient.id);
  await register(world, { incident }, 3, SK_I);
  expect((await propose(world, incident, planInput)).summary.allocated).toBe(0);
  const transferOf = async (id: string) =>
    (await world.request(`query ($id: ID!) { patient(id: $id) { transfer { id } } }`, { id })).data
      .patient.transfer.id;
  const cancelling = { transfer: await transferOf(one), reason: 'he walks' };
  await call(world, 'cancelTransfer', cancelling);
  expect((await propose(world, incident, planInput)).summary).toMatchObject({
    patients: 4,
    allocated: 1,
  });
  const refusing = { transfer: await transferOf(two), reason: 'no theatre' };
  await call(world, 'refuseTransfer', refusing, staffOf(facility!.id));
  const plan = await propose(world, incident, planInput);
  expect(plan.summary).toMatchObject({ patients: 5, allocated: 2 });
  expect(whyLeft(plan)[two]).toBe('HOUSE_REFUSED');
});

test('the nearest facility keeps slots for people who come by themselves', async () => {
  const {
    hospitals: [nearest],
    incident,
  } = await newScene(2, { SK_III: 20 });
  await register(world, { incident }, 24, { category: 'SK_III' });
  const all = { waveSkIII: 100, walkInSkIII: 0.5 };
  const plan = await propose(world, incident, { area: nearest!.area, parameters: all });
  expect(givenBy(plan).get(nearest!.id)).toBe(8);
  const load = plan.load.nodes.find(({ facility }: any) => facility.id === nearest!.id);
  expect(load).toEqual({
    facility: { id: nearest!.id },
    category: 'SK_III',
    assigned: 8,
    allowed: 8,
    limit: 20,
    method: 'REPORTED',
  });
});

test('SK IV is listed for triage again when slots for SK I are left, and no dead, uninjured or untriaged is sent', async () => {
  const { incident, planInput } = await newScene(1, { SK_I: 4 });
  const [hopeless] = await register(world, { incident }, 1, { ...SK_I, category: 'SK_IV' });
  const [dead] = await register(world, { incident }, 1, { ...SK_I, category: 'EX' });
  const [well] = await register(world, { incident }, 1, { category: 'UNINJURED' });
  const [unknown] = await register(world, { incident }, 1, { category: 'UNTRIAGED' });
  const others = {
    [dead!]: 'DEAD',
    [well!]: 'NOT_INJURED',
    [unknown!]: 'NOT_TRIAGED',
  };
  const first = await propose(world, incident, planInput);
  expect(whyLeft(first)).toEqual({ ...others, [hopeless!]: 'PALLIATIVE_ON_SCENE' });
  expect(first.assignments.totalCount).toBe(0);
  expect(whyLeft(await propose(world, incident, { ...planInput, wave: 2 }))).toEqual({
    ...others,
    [hopeless!]: 'TRIAGE_AGAIN',
  });
});

test('the ride begins at the position of the section, the patient’s own, or that of the incident', async () => {
  const {
    hospitals: [hospital, far],
    incident,
  } = await newScene(2, { SK_II: 30 });
  const { data } = await world.request(
    `mutation ($input: OpenSectionInput!) { openSection(input: $input) { ... on Incident { sections { id } } } }`,
    {
      input: {
        incident,
        name: 'A',
        kind: 'LOADING',
        position: far!.position,
        idempotencyKey: newKey(),
      },
    },
  );
  const section = data.openSection.sections[0].id;
  const [here] = await register(world, { incident });
  const [there] = await register(world, { incident }, 1, { section });
  const [alone] = await register(world, { incident }, 1, { position: far!.position });
  const plan = await propose(world, incident, { area: hospital!.area, parameters });
  expect(entryOf(plan, here!)).toMatchObject({ facility: { id: hospital!.id }, minutes: 0 });
  expect(entryOf(plan, there!)).toMatchObject({ facility: { id: far!.id }, minutes: 0 });
  const { facility, minutes, method } = entryOf(plan, alone!);
  expect([facility.id, method]).toEqual([far!.id, 'ESTIMATED']);
  expect(minutes).toBeLessThan(2);
});

test('a patient who is in a facility, has a transfer to one, or is erased is not considered', async () => {
  const {
    hospitals: [facility],
    incident,
  } = await newScene(1, { SK_II: 10 });
  const [waiting, treated, coming, erased] = await register(world, { incident }, 4);
  await world.pool.query('UPDATE patient SET facility_id = $2 WHERE id = $1', [
    treated,
    facility!.id,
  ]);
  await call(world, 'requestTransfer', primary(coming!, { bedCategory: null, to: facility!.id }));
  await world.pool.query('UPDATE patient SET erased_at = $2 WHERE id = $1', [
    erased,
    world.clock.now,
  ]);
  const plan = await propose(world, incident, { area: facility!.area, parameters });
  expect(plan.summary).toMatchObject({ patients: 1, allocated: 1 });
  expect(entryOf(plan, waiting!)).toBeDefined();
});

test('a patient with a transfer without a destination is listed until it is cancelled', async () => {
  const { incident, planInput } = await newScene(1, { SK_II: 10 });
  const [waiting] = await register(world, { incident }, 1);
  const { transfer } = await call(
    world,
    'requestTransfer',
    primary(waiting!, { bedCategory: null }),
  );
  const plan = await propose(world, incident, planInput);
  expect(whyLeft(plan)).toEqual({ [waiting!]: 'HOUSE_REFUSED' });
  const id =
    transfer?.id ??
    (await world.pool.query('SELECT id FROM transfer WHERE patient_id = $1', [waiting])).rows[0].id;
  await call(world, 'cancelTransfer', { transfer: id, reason: 'planned for' });
  expect((await propose(world, incident, planInput)).summary.allocated).toBe(1);
});

test('a sent patient counts by the category at the proposal, whatever the triage since', async () => {
  const { incident, planInput } = await newScene(1, { SK_I: 10 });
  await register(world, { incident }, 2, SK_I);
  await confirm(world, (await propose(world, incident, planInput)).id);
  await world.pool.query(`UPDATE patient SET category = 'SK_II' WHERE incident_id = $1`, [
    incident,
  ]);
  await register(world, { incident }, 1, SK_I);
  const plan = await propose(world, incident, planInput);
  expect(Object.values(whyLeft(plan))).toEqual(['NEXT_WAVE']);
});

test('a plan names the method of the intake: declared, or a planning number', async () => {
  const [declared, modelled] = await newKreis(2);
  await opens(world, declared!, { SK_I: 1 });
  await doInCapacity(world, 'declareCapabilities', {
    facility: modelled!.id,
    source: 'register',
    method: 'REPORTED',
    traumaLevel: 'LOCAL',
    capabilities: [],
  });
  const incident = await incidentBeside(world, declared!);
  await register(world, { incident }, 2, SK_I);
  const plan = await propose(world, incident, { area: declared!.area, parameters });
  const methodOf = (id: string) =>
    plan.load.nodes.find(({ facility }: any) => facility.id === id).method;
  expect([methodOf(declared!.id), methodOf(modelled!.id)]).toEqual(['REPORTED', 'MODELLED']);
  const codes = plan.assignments.nodes.map(({ facility, reasons }: any) => [
    facility.id,
    reasons.some(({ code }: any) => code === 'MODELLED_INTAKE'),
  ]);
  expect(Object.fromEntries(codes)).toEqual({ [declared!.id]: false, [modelled!.id]: true });
});
