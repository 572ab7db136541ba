import { HOUR_MS } from '../../../../shared/time/rules.js';
import { patientsWorld, type PatientsWorld } from '../../testing/patients-world.js';
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

import { register } from '../../testing/transfers.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());
const { newKreis, newScene } = untouchedScenes(() => world);

const parameters = NO_WALK_INS;

test('a child with burns is sent to a facility that meets both needs, and to another only if the parameters permit it', async () => {
  const [near, both] = await newKreis(2);
  await opens(world, near!, { SK_II: 4 }, ['BURNS']);
  await opens(world, both!, { SK_II: 1 }, ['BURNS', 'CHILD']);
  const incident = await incidentBeside(world, near!);
  const needs = { category: 'SK_II', needs: ['BURNS', 'CHILD'] };
  const [child] = await register(world, { incident }, 1, needs);
  const planInput = { area: near!.area, parameters };
  const plan = await propose(world, incident, planInput);
  expect(entryOf(plan, child!)).toMatchObject({ facility: { id: both!.id } });
  expect(entryOf(plan, child!).rejected).toContainEqual(
    expect.objectContaining({ facility: { id: near!.id }, code: 'NEED_UNMET' }),
  );
  const without = { ...planInput, without: [both!.id] };
  const downgraded = entryOf(await propose(world, incident, without), child!);
  expect(downgraded.facility.id).toBe(near!.id);
  expect(downgraded.reasons[0]).toMatchObject({ code: 'NO_SPECIALIST_IN_REACH' });
  const never = { ...without, parameters: { ...parameters, downgrade: 'NEVER' } };
  expect(whyLeft(await propose(world, incident, never))).toEqual({
    [child!]: 'NO_SPECIALIST_IN_REACH',
  });
});

test('a closure steers its patients elsewhere, and for SK I without another facility it is set aside', async () => {
  const {
    hospitals: [near, far],
    incident,
    planInput,
  } = await newScene(2, { SK_I: 2, SK_II: 4 }, ['BURNS']);
  const until = new Date(world.clock.now.getTime() + 2 * HOUR_MS);
  const close = (department: string, urgencies: string[], facility = near!.id) =>
    doInCapacity(world, 'closeDepartment', {
      facility,
      department,
      urgencies,
      until,
      reason: 'no power',
    });
  const [red] = await register(world, { incident }, 1, SK_I);
  const [yellow] = await register(world, { incident }, 1, { category: 'SK_II' });
  const [burnt] = await register(world, { incident }, 1, { category: 'SK_II', needs: ['BURNS'] });
  const facilitiesOf = async () => {
    const plan = await propose(world, incident, planInput);
    return [red!, yellow!, burnt!].map((patient) => entryOf(plan, patient)?.facility.id);
  };
  expect(await facilitiesOf()).toEqual([near!.id, near!.id, near!.id]);
  await close('BURNS', ['IMMEDIATE', 'INPATIENT']);
  expect(await facilitiesOf()).toEqual([near!.id, near!.id, far!.id]);
  await close('TRAUMA_SURGERY', ['INPATIENT']);
  expect(await facilitiesOf()).toEqual([near!.id, far!.id, far!.id]);
  await close('WHOLE_HOUSE', ['IMMEDIATE']);
  expect(await facilitiesOf()).toEqual([far!.id, far!.id, far!.id]);
  await close('EMERGENCY', ['IMMEDIATE', 'INPATIENT'], far!.id);
  const plan = await propose(world, incident, planInput);
  expect(entryOf(plan, red!)).toMatchObject({ facility: { id: near!.id } });
  expect(entryOf(plan, red!).reasons).toContainEqual(
    expect.objectContaining({ code: 'CLOSURE_SET_ASIDE' }),
  );
  expect(entryOf(plan, yellow!)).toBeUndefined();
});

test('facilities in a flooded area and overwhelmed ones are left out, but under a flood its own area is not avoided', async () => {
  const {
    hospitals: [near, far],
    incident,
    planInput,
  } = await newScene(2, { SK_II: 4 });
  await doInCapacity(world, 'declareCareLevel', {
    facility: near!.id,
    level: 'DECOMPENSATED',
    reason: 'staff',
  });
  const [patient] = await register(world, { incident }, 1);
  const entry = entryOf(await propose(world, incident, planInput), patient!);
  expect(entry.facility.id).toBe(far!.id);
  expect(entry.rejected).toMatchObject([{ facility: { id: near!.id }, code: 'OVERWHELMED' }]);
  await doInCapacity(world, 'declarePhase', {
    area: near!.area,
    phase: 'CATASTROPHE',
    hazard: 'FLOOD',
    legalBasis: 'BHKG',
  });
  const flooded = await propose(world, incident, planInput);
  expect(whyLeft(flooded)).toEqual({ [patient!]: 'NO_HOUSE_IN_REACH' });
  const flood = await incidentBeside(world, near!, { hazard: 'FLOOD' });
  const [rescued] = await register(world, { incident: flood }, 1);
  expect(entryOf(await propose(world, flood, planInput), rescued!).facility.id).toBe(far!.id);
});

test('a plan has only facilities in the area and within the radius, and none that the dispatcher leaves out', async () => {
  const [near, left] = await newKreis(2);
  const [elsewhere] = await newKreis(1);
  for (const facility of [near!, left!, elsewhere!]) await opens(world, facility, { SK_II: 4 });
  const incident = await incidentBeside(world, near!);
  await register(world, { incident }, 10);
  const given = async (changes: object) => [
    ...givenBy(await propose(world, incident, { parameters, ...changes })).keys(),
  ];
  const everywhere = await given({ radiusKm: 1_000 });
  expect(everywhere).toEqual(expect.arrayContaining([near!.id, left!.id]));
  expect(await given({ area: elsewhere!.area, radiusKm: 1_000 })).toEqual([elsewhere!.id]);
  expect(await given({ area: near!.area, radiusKm: 0.1 })).toEqual([near!.id]);
  const without = await propose(world, incident, {
    parameters,
    area: near!.area,
    without: [left!.id],
  });
  expect([...givenBy(without).keys()]).toEqual([near!.id]);
  const { rejected } = without.assignments.nodes[0];
  expect(rejected).toMatchObject([{ facility: { id: left!.id }, code: 'LEFT_OUT_BY_DISPATCHER' }]);
});

test('leaving out a facility that is out of reach changes neither the plan nor the digest', async () => {
  const { incident, planInput } = await newScene(1, { SK_II: 4 });
  const [elsewhere] = await newKreis(1);
  await register(world, { incident }, 1);
  const { digest } = await propose(world, incident, planInput);
  const without = [elsewhere!.id];
  expect((await propose(world, incident, { ...planInput, without })).digest).toBe(digest);
});

test('an adult is not sent to a facility that treats children only, a child is', async () => {
  const {
    hospitals: [near, other],
    incident,
  } = await newScene(2, { SK_II: 4 }, ['CHILD']);
  await doInCapacity(world, 'declareCapabilities', {
    facility: near!.id,
    source: 'duty manager',
    method: 'REPORTED',
    traumaLevel: 'REGIONAL',
    capabilities: ['CHILD'],
    childrenOnly: true,
  });
  const [adult] = await register(world, { incident }, 1, { category: 'SK_II' });
  const [child] = await register(world, { incident }, 1, { category: 'SK_II', needs: ['CHILD'] });
  const plan = await propose(world, incident, { area: near!.area, parameters });
  expect(entryOf(plan, child!)).toMatchObject({ facility: { id: near!.id } });
  expect(entryOf(plan, adult!)).toMatchObject({ facility: { id: other!.id } });
  expect(entryOf(plan, adult!).rejected).toContainEqual(
    expect.objectContaining({ facility: { id: near!.id }, code: 'NEED_UNMET' }),
  );
});

test('a plan with a modelled trauma centre names that first', async () => {
  const [modelled] = await newKreis(1);
  await doInCapacity(world, 'declareCapabilities', {
    facility: modelled!.id,
    source: 'a stated rule',
    method: 'MODELLED',
    traumaLevel: 'REGIONAL',
    capabilities: [],
  });
  const incident = await incidentBeside(world, modelled!);
  const [patient] = await register(world, { incident }, 1, { category: 'SK_I' });
  const plan = await propose(world, incident, { area: modelled!.area, parameters });
  expect(entryOf(plan, patient!).reasons[0]).toMatchObject({
    code: 'MODELLED_CAPABILITIES',
    message: expect.stringMatching(/^Modelled/),
  });
});
