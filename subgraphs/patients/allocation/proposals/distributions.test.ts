import { randomUUID } from 'node:crypto';
import { newKey } from '../../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import { call, primary, register } from '../../testing/transfers.js';
import {
  entryOf,
  opens,
  planned,
  planRaw,
  untouchedKreise,
  type Hospital,
} from '../../testing/proposals.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());
const newKreis = untouchedKreise(() => world);

/** A full facility, and another of its Kreis with free slots. */
async function fullAndFree(): Promise<[Hospital, Hospital]> {
  const [full, free] = (await newKreis(2)) as [Hospital, Hospital];
  await opens(world, full, { SK_I: 10, SK_II: 10, SK_III: 10 });
  await opens(world, free, { SK_I: 10, SK_II: 10, SK_III: 10 });
  return [full, free];
}

/** Patients of a facility, after a physician has assessed them. */
async function treatedIn({ id: facility }: Hospital, said: object): Promise<string> {
  const [patient] = await register(world, { facility });
  const { data, errors } = await world.request(
    `mutation ($input: TriagePatientInput!) { triagePatient(input: $input) { __typename ... on Refusal { message } } }`,
    { input: { patient, physician: true, idempotencyKey: newKey(), ...said } },
    staffOf(facility),
  );
  if (errors || data.triagePatient.message) throw new Error(JSON.stringify(errors ?? data));
  return patient!;
}

const distribute = (facility: string, changes: object = {}, who?: TestIdentity) =>
  planned(world, 'distributeFrom', { facility, count: 10, ...changes }, who);
const movedBy = (plan: any) => plan.assignments.nodes.map(({ patient }: any) => patient.id);

test("SK I leave only with a physician's word, and then first; SK II and III unless he has said no", async () => {
  const [full, free] = await fullAndFree();
  await treatedIn(full, { category: 'SK_I' });
  await treatedIn(full, { category: 'SK_I', transportable: false });
  const green = await treatedIn(full, { category: 'SK_III' });
  await treatedIn(full, { category: 'SK_II', transportable: false });
  const yellow = await treatedIn(full, { category: 'SK_II' });
  const red = await treatedIn(full, { category: 'SK_I', transportable: true });
  await treatedIn(full, { category: 'SK_IV' });
  const plan = await distribute(full.id);
  expect(movedBy(plan)).toEqual([red, yellow, green]);
  expect(plan).toMatchObject({
    incident: null,
    facility: { id: full.id },
    area: full.area,
    wave: 1,
    status: 'PROPOSED',
    summary: { patients: 3, allocated: 3 },
  });
  expect(entryOf(plan, red)).toMatchObject({
    facility: { id: free.id },
    withPhysician: true,
    rejected: [{ facility: { id: full.id }, code: 'LEFT_OUT_BY_DISPATCHER' }],
  });
  expect(movedBy(await distribute(full.id, { count: 2 }))).toEqual([red, yellow]);
});

test('nobody is expected to walk out of a facility, and a patient with a transfer keeps it', async () => {
  const [full, free] = await fullAndFree();
  const [first, second] = [
    await treatedIn(full, { category: 'SK_III' }),
    await treatedIn(full, { category: 'SK_III' }),
  ];
  const walkIns = (plan: any) =>
    plan.parameters.flatMap(({ name, number }: any) => (/^walkIn/.test(name) ? [number] : []));
  const plan = await distribute(full.id);
  expect(walkIns(plan)).toEqual([0, 0, 0]);
  expect(movedBy(plan).toSorted()).toEqual([first, second].toSorted());
  const transferRequest = primary(first, { kind: 'SECONDARY', to: free.id });
  await call(world, 'requestTransfer', transferRequest);
  expect(movedBy(await distribute(full.id))).toEqual([second]);
});

test('the facility itself and callers who lead where it lies may propose, and nobody else', async () => {
  const [full, free] = await fullAndFree();
  await treatedIn(full, { category: 'SK_II' });
  const leading: TestIdentity = { role: 'crisis-staff', areas: [full.area.slice(0, 2)] };
  for (const who of [staffOf(full.id), leading]) {
    const plan = await distribute(full.id, {}, who);
    expect(plan).toMatchObject({ facility: { id: full.id }, summary: { allocated: 1 } });
  }
  const input = { facility: full.id, count: 1 };
  const strangers: TestIdentity[] = [
    staffOf(free.id),
    { ...staffOf(free.id), areas: [full.area] },
    { role: 'dispatch', areas: ['01'] },
    { role: 'spoc', areas: [full.area] },
  ];
  for (const who of strangers) {
    const { errors } = await planRaw(world, 'distributeFrom', input, who);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  }
});

test('an unknown facility, a facility without patients to move, and numbers out of range are refused', async () => {
  const [full] = await fullAndFree();
  const events = await world.eventCount();
  expect(await distribute(full.id)).toMatchObject({
    __typename: 'NobodyToAllocate',
    considered: 0,
  });
  for (const missing of [randomUUID(), 'no facility']) {
    expect(await distribute(missing)).toMatchObject({ __typename: 'UnknownFacility', missing });
  }
  for (const [changes, parameter] of [
    [{ count: 0 }, 'count'],
    [{ count: 5_001 }, 'count'],
    [{ radiusKm: -1 }, 'radiusKm'],
    [{ wave: 0 }, 'wave'],
    [{ wave: 21 }, 'wave'],
  ] as const) {
    const outcome = await distribute(full.id, changes);
    expect(outcome).toMatchObject({ __typename: 'InvalidParameter', field: parameter });
  }
  expect(await world.eventCount()).toBe(events);
  await treatedIn(full, { category: 'SK_I' });
  const outcome = await distribute(full.id);
  expect(outcome).toMatchObject({ __typename: 'NobodyToAllocate', considered: 1 });
  expect(outcome.message).toContain('transportable');
});

test('a repeated call returns the first plan, and the key is refused for another input', async () => {
  const [full] = await fullAndFree();
  await treatedIn(full, { category: 'SK_II' });
  const idempotencyKey = newKey();
  const first = await distribute(full.id, { idempotencyKey });
  await treatedIn(full, { category: 'SK_II' });
  expect(await distribute(full.id, { idempotencyKey })).toEqual(first);
  expect(await distribute(full.id, { idempotencyKey, count: 1 })).toMatchObject({
    __typename: 'IdempotencyKeyReused',
    field: 'distributeFrom',
  });
});

test('transfers of the last 24 hours count: the next share belongs to the next wave', async () => {
  const [full, free] = await fullAndFree();
  const send = async () => {
    const patient = await treatedIn(full, { category: 'SK_II' });
    return call(world, 'requestTransfer', primary(patient, { kind: 'CAPACITY', to: free.id }));
  };
  for (let sent = 0; sent < 4; sent += 1) await send();
  await treatedIn(full, { category: 'SK_II' });
  const near = { radiusKm: 30 };
  const first = await distribute(full.id, near);
  expect(first.unallocated.nodes).toMatchObject([{ code: 'NEXT_WAVE' }]);
  const second = await distribute(full.id, { ...near, wave: 2 });
  expect(second).toMatchObject({ wave: 2, summary: { allocated: 1 } });
  await world.pool.query(
    `UPDATE transfer SET created_at = created_at - interval '25 hours' WHERE from_facility = $1`,
    [full.id],
  );
  expect((await distribute(full.id, near)).summary.allocated).toBe(1);
});
