import { facilitiesIn, newKey } from '../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../testing/patients-world.js';
import { call, drive, giveBeds, primary, register, transferOf } from '../testing/transfers.js';

const COLOGNE_STAFF: TestIdentity = { role: 'crisis-staff', areas: ['05'], subject: 'staff' };

let world: PatientsWorld;
let [first, second, third]: string[] = [];
beforeAll(async () => {
  world = await patientsWorld();
  [first, second, third] = await facilitiesIn(world, '05315', 3);
  await giveBeds(world, [second!, third!], 10);
});
afterAll(() => world.close());

/** Transfers a patient of a facility to another one, up to the arrival. */
async function arrived(patient: string, from: string, to: string): Promise<string> {
  const transferRequest = primary(patient, { kind: 'SECONDARY', to, reason: 'burn centre' });
  const { id } = await call(world, 'requestTransfer', transferRequest, staffOf(from));
  await call(world, 'approveTransfer', { transfer: id, decision: 'APPROVE' }, COLOGNE_STAFF);
  await call(world, 'acceptTransfer', { transfer: id }, staffOf(to));
  await drive(world, id, [7, 8]);
  return id;
}
async function moved(patient: string, from: string, to: string): Promise<string> {
  const id = await arrived(patient, from, to);
  await call(world, 'handOver', { transfer: id }, staffOf(to));
  return id;
}
const sees = async (patient: string, facility: string) =>
  (
    await world.request(
      'query ($id: ID!) { patient(id: $id) { id } }',
      { id: patient },
      staffOf(facility),
    )
  ).data.patient !== null;
const transfersOf = async (facility: string) =>
  (
    await world.request(
      '{ transfers(first: 500) { nodes { id } totalCount } }',
      {},
      staffOf(facility),
    )
  ).data.transfers.nodes.map(({ id }: { id: string }) => id) as string[];

test('the sending facility sees a patient until the hand-over, and not after it', async () => {
  const [patient] = await register(world, { facility: first! });
  const transfer = await arrived(patient!, first!, second!);
  expect(await sees(patient!, first!)).toBe(true);
  await call(world, 'handOver', { transfer }, staffOf(second!));
  expect(await sees(patient!, first!)).toBe(false);
  expect(await sees(patient!, second!)).toBe(true);
});

test('the hand-over resets whether the patient is transportable', async () => {
  const [patient] = await register(world, { facility: first! });
  const input = { patient, category: 'SK_II', physician: true, transportable: true };
  await world.request(
    'mutation ($input: TriagePatientInput!) { triagePatient(input: $input) { __typename } }',
    { input: { ...input, idempotencyKey: newKey() } },
    staffOf(first!),
  );
  const transportable = async (facility: string) =>
    (
      await world.request(
        'query ($id: ID!) { patient(id: $id) { transportable } }',
        { id: patient },
        staffOf(facility),
      )
    ).data.patient.transportable;
  const transfer = await arrived(patient!, first!, second!);
  expect(await transportable(first!)).toBe(true);
  await call(world, 'handOver', { transfer }, staffOf(second!));
  expect(await transportable(second!)).toBeNull();
});

test('the sending facility keeps the transfer with its steps and the reason, without the patient', async () => {
  const [patient] = await register(world, { facility: first! });
  const id = await moved(patient!, first!, second!);
  const kept = await transferOf(world, id, staffOf(first!));
  expect(kept).toMatchObject({ status: 'HANDED_OVER', patient: null, to: { id: second } });
  expect(kept.steps[0]).toMatchObject({ status: 'REQUESTED', reason: 'burn centre' });
  expect(await transfersOf(first!)).toContain(id);
});

test('the sending facility learns nothing of a later transfer and a later triage', async () => {
  const [patient] = await register(world, { facility: first! });
  const before = await moved(patient!, first!, second!);
  const after = await moved(patient!, second!, third!);
  for (const facility of [first!, second!]) expect(await sees(patient!, facility)).toBe(false);
  expect(await transferOf(world, after, staffOf(first!))).toBeNull();
  expect(await transfersOf(second!)).toEqual(expect.arrayContaining([before, after]));
  const watch = await world.watch(
    'subscription ($after: String) { patientChanged(after: $after) { patient { id } } }',
    { after: await world.cursor() },
    staffOf(first!),
  );
  const input = { patient, category: 'SK_I', idempotencyKey: newKey() };
  const { data } = await world.request(
    'mutation ($input: TriagePatientInput!) { triagePatient(input: $input) { __typename } }',
    { input },
    staffOf(third!),
  );
  expect(data.triagePatient.__typename).toBe('Patient');
  const [own] = await register(world, { facility: first! });
  expect((await watch.next()).value!.data!['patientChanged'].patient.id).toBe(own);
  await watch.return!();
});

test('the list of transfers of a facility contains exactly those that it sees by id, earlier ones included', async () => {
  const [patient] = await register(world, { facility: first! });
  const before = await moved(patient!, first!, second!);
  const transferRequest = primary(patient!, { kind: 'SECONDARY', to: third! });
  const { id: after } = await call(world, 'requestTransfer', transferRequest, staffOf(second!));
  await call(world, 'approveTransfer', { transfer: after, decision: 'APPROVE' }, COLOGNE_STAFF);
  const { rows } = await world.pool.query<{ id: string }>('SELECT id FROM transfer');
  for (const facility of [first!, second!, third!]) {
    const seen = [];
    for (const { id } of rows) if (await transferOf(world, id, staffOf(facility))) seen.push(id);
    expect((await transfersOf(facility)).sort()).toEqual(seen.sort());
    const { data } = await world.request('{ transfers { totalCount } }', {}, staffOf(facility));
    expect(data.transfers.totalCount).toBe(seen.length);
  }
  expect(await transfersOf(third!)).toEqual(expect.arrayContaining([before, after]));
});

test('the sending facility receives the event of the hand-over', async () => {
  const [patient] = await register(world, { facility: first! });
  const transfer = await arrived(patient!, first!, second!);
  const watch = await world.watch(
    'subscription ($after: String) { transferChanged(after: $after) { transfer { id status patient { id } } } }',
    { after: await world.cursor() },
    staffOf(first!),
  );
  await call(world, 'handOver', { transfer }, staffOf(second!));
  expect((await watch.next()).value!.data!['transferChanged'].transfer).toEqual({
    id: transfer,
    status: 'HANDED_OVER',
    patient: null,
  });
  await watch.return!();
});
