import { patientsWorld, type PatientsWorld, type TestIdentity } from '../testing/patients-world.js';
import {
  call,
  drive,
  giveBeds,
  facilitiesOf,
  newKey,
  primary,
  register,
  staffOf,
  transferOf,
} from '../testing/transfers.js';

const COLOGNE_STAFF: TestIdentity = { role: 'crisis-staff', areas: ['05'], subject: 'staff' };

let world: PatientsWorld;
let [first, second, third]: string[] = [];
beforeAll(async () => {
  world = await patientsWorld();
  [first, second, third] = await facilitiesOf(world, '05315', 3);
  await giveBeds(world, [second!, third!], 10);
});
afterAll(() => world.close());

/** Moves a patient of a house to another one, up to the arrival. */
async function arrived(patient: string, from: string, to: string): Promise<string> {
  const wish = primary(patient, { kind: 'SECONDARY', to, reason: 'burn centre' });
  const { id } = await call(world, 'requestTransfer', wish, staffOf(from));
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

test('the house that sent a patient sees him until he is handed over, and then no more', async () => {
  const [patient] = await register(world, { facility: first! });
  const transfer = await arrived(patient!, first!, second!);
  expect(await sees(patient!, first!)).toBe(true);
  await call(world, 'handOver', { transfer }, staffOf(second!));
  expect(await sees(patient!, first!)).toBe(false);
  expect(await sees(patient!, second!)).toBe(true);
});

test('whether he may be moved on is forgotten where he was handed over', async () => {
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

test('it keeps the transfer with its steps and the reason, without the patient', async () => {
  const [patient] = await register(world, { facility: first! });
  const id = await moved(patient!, first!, second!);
  const kept = await transferOf(world, id, staffOf(first!));
  expect(kept).toMatchObject({ status: 'HANDED_OVER', patient: null, to: { id: second } });
  expect(kept.steps[0]).toMatchObject({ status: 'REQUESTED', reason: 'burn centre' });
  expect(await transfersOf(first!)).toContain(id);
});

test('of what comes after, another transfer and a triage, it learns nothing', async () => {
  const [patient] = await register(world, { facility: first! });
  const before = await moved(patient!, first!, second!);
  const after = await moved(patient!, second!, third!);
  for (const house of [first!, second!]) expect(await sees(patient!, house)).toBe(false);
  expect(await transferOf(world, after, staffOf(first!))).toBeNull();
  expect(await transfersOf(second!)).toEqual(expect.arrayContaining([before, after]));
  const watch = await world.watch(
    'subscription ($after: String) { patientChanged(after: $after) { patient { id } } }',
    { after: (await world.request('{ patientsCursor }')).data.patientsCursor },
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

test('its list has exactly what it sees one by one, with what lies before its own part of a way', async () => {
  const [patient] = await register(world, { facility: first! });
  const before = await moved(patient!, first!, second!);
  const wish = primary(patient!, { kind: 'SECONDARY', to: third! });
  const { id: after } = await call(world, 'requestTransfer', wish, staffOf(second!));
  await call(world, 'approveTransfer', { transfer: after, decision: 'APPROVE' }, COLOGNE_STAFF);
  const { rows } = await world.pool.query<{ id: string }>('SELECT id FROM transfer');
  for (const house of [first!, second!, third!]) {
    const seen = [];
    for (const { id } of rows) if (await transferOf(world, id, staffOf(house))) seen.push(id);
    expect((await transfersOf(house)).sort()).toEqual(seen.sort());
    const { data } = await world.request('{ transfers { totalCount } }', {}, staffOf(house));
    expect(data.transfers.totalCount).toBe(seen.length);
  }
  expect(await transfersOf(third!)).toEqual(expect.arrayContaining([before, after]));
});

test('it is told of the hand-over itself', async () => {
  const [patient] = await register(world, { facility: first! });
  const transfer = await arrived(patient!, first!, second!);
  const watch = await world.watch(
    'subscription ($after: String) { transferChanged(after: $after) { transfer { id status patient { id } } } }',
    { after: (await world.request('{ patientsCursor }')).data.patientsCursor },
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
