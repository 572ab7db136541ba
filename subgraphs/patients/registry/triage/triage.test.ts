import { openDatabase } from '../../database/database.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
} from '../../testing/patients-world.js';
import {
  COLOGNE,
  DISPATCH,
  ELSEWHERE,
  facilitiesIn,
  newIncident,
  newKey,
  newPatient,
  STAFF,
} from '../../testing/casualties.js';
import { publishDueForTriage } from './store.js';

let world: PatientsWorld;
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  incident = await newIncident(world);
});
afterAll(() => world.close());

const PATIENT = `id category triagedByPhysician transportPriority triagedAt retriageAt retriageDue diedAt
  triageHistory { category method byPhysician decisive at by }`;
const triage = (patient: string, over: object, who: TestIdentity = DISPATCH) =>
  world.request(
    `mutation ($input: TriagePatientInput!) { triagePatient(input: $input) {
      __typename ... on Patient { ${PATIENT} } ... on Refusal { message }
      ... on NotByPhysician { refusedCategory } ... on InvalidFindings { missingFindings } ... on InvalidPzc { given } } }`,
    { input: { patient, idempotencyKey: newKey(), ...over } },
    who,
  );
const outcomeOf = async (patient: string, over: object, who: TestIdentity = DISPATCH) =>
  (await triage(patient, over, who)).data.triagePatient;
const newOne = (over: object = {}) => newPatient(world, { incident }, over);
const read = async (id: string) =>
  (await world.request(`query ($id: ID!) { patient(id: $id) { ${PATIENT} } }`, { id }, DISPATCH))
    .data.patient;

test("a physician's triage outranks an earlier and a later pre-triage, and the history has all of them", async () => {
  const id = await newOne();
  expect(await outcomeOf(id, { findings: { walking: true } })).toMatchObject({
    category: 'SK_III',
    triagedByPhysician: false,
  });
  world.later(1);
  await outcomeOf(id, { category: 'SK_II', physician: true });
  world.later(1);
  const after = await outcomeOf(id, { category: 'SK_I', transportPriority: true });
  expect(after).toMatchObject({
    category: 'SK_II',
    triagedByPhysician: true,
    transportPriority: false,
    triagedAt: world.inMinutes(-1),
  });
  const by = 'dispatcher';
  expect(after.triageHistory).toMatchObject([
    { category: 'SK_III', method: 'MSTART', byPhysician: false, decisive: true, by },
    { category: 'SK_II', method: 'PHYSICIAN', byPhysician: true, decisive: true, by },
    { category: 'SK_I', method: 'STATED', byPhysician: false, decisive: false, by },
  ]);
  expect(await outcomeOf(id, { category: 'SK_III', physician: true })).toMatchObject({
    category: 'SK_III',
  });
});

test('a physician decides whether a patient is transportable; another category without a new decision resets it', async () => {
  const id = await newOne();
  const of = async () =>
    (
      await world.request(
        'query ($id: ID!) { patient(id: $id) { transportable } }',
        { id },
        DISPATCH,
      )
    ).data.patient.transportable;
  expect(await of()).toBeNull();
  await outcomeOf(id, { category: 'SK_I', physician: true, transportable: true });
  expect(await of()).toBe(true);
  await outcomeOf(id, { category: 'SK_I', physician: true });
  expect(await of()).toBe(true);
  const { errors } = await triage(id, { category: 'SK_II', transportable: false });
  expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  await outcomeOf(id, { category: 'SK_III' });
  expect(await of()).toBe(true);
  await outcomeOf(id, { category: 'SK_II', physician: true });
  expect(await of()).toBeNull();
  await outcomeOf(id, { category: 'SK_I', physician: true, transportable: false });
  expect(await of()).toBe(false);
});

describe('the needs of a patient', () => {
  const CARE = 'needs ventilated physicianEscort pzc { code }';
  const careOf = async (id: string) =>
    (await world.request(`query ($id: ID!) { patient(id: $id) { ${CARE} } }`, { id }, DISPATCH))
      .data.patient;

  test('are changed by a triage that says so, and stay as they are by one that does not', async () => {
    const id = await newOne({ needs: ['BURNS'], pzc: '332-76-1' });
    const worse = {
      needs: ['VENTILATION', 'VENTILATION'],
      ventilated: true,
      physicianEscort: true,
    };
    await outcomeOf(id, { category: 'SK_I', ...worse, pzc: '341-76-1' });
    const after = {
      needs: ['VENTILATION'],
      ventilated: true,
      physicianEscort: true,
      pzc: { code: '341761' },
    };
    expect(await careOf(id)).toEqual(after);
    await outcomeOf(id, { category: 'SK_II' });
    expect(await careOf(id)).toEqual(after);
    await outcomeOf(id, {
      category: 'SK_II',
      needs: [],
      ventilated: false,
      physicianEscort: false,
    });
    expect(await careOf(id)).toMatchObject({
      needs: [],
      ventilated: false,
      physicianEscort: false,
    });
  });

  test('take effect also with a pre-triage whose category does not', async () => {
    const id = await newOne({ category: 'SK_II', physician: true });
    const after = await outcomeOf(id, { category: 'SK_I', ventilated: true });
    expect(after).toMatchObject({ category: 'SK_II' });
    expect(await careOf(id)).toMatchObject({ ventilated: true });
  });

  test('are refused with a PZC that cannot be, and nothing changes', async () => {
    const id = await newOne({ category: 'SK_II', pzc: '332-76-1' });
    const before = [await read(id), await careOf(id)];
    const refused = await outcomeOf(id, {
      category: 'SK_I',
      ventilated: true,
      pzc: '332-76-9',
    });
    expect(refused).toMatchObject({
      __typename: 'InvalidPzc',
      given: '332-76-9',
      message: expect.stringContaining('priority of 1 to 3'),
    });
    expect([await read(id), await careOf(id)]).toEqual(before);
  });

  test('do not restore erased data', async () => {
    const id = await newOne({ category: 'SK_II', pzc: '332-76-1' });
    await world.request(
      `mutation ($input: ErasePatientInput!) { erasePatient(input: $input) { __typename } }`,
      { input: { patient: id, reason: 'request of the patient' } },
      STAFF,
    );
    await outcomeOf(id, { category: 'SK_II', pzc: '332-76-1' });
    expect((await careOf(id)).pzc).toEqual({ code: '332xx1' });
  });

  test('are delivered with the event of the triage', async () => {
    const id = await newOne({ category: 'SK_II' });
    const before = await world.eventCount();
    await outcomeOf(id, { category: 'SK_II', needs: ['DIALYSIS'] });
    expect(await world.eventCount()).toBe(before + 1);
  });
});

test('a physician who registered has triaged', async () => {
  const id = await newOne({ category: 'SK_II', physician: true });
  expect((await outcomeOf(id, { category: 'SK_I' })).category).toBe('SK_II');
});

test('the physician decides where a physician and a paramedic triage concurrently, in either order', async () => {
  for (let n = 0; n < 5; n++) {
    const id = await newOne();
    await Promise.all([
      triage(id, { category: 'SK_III' }),
      triage(id, { category: 'SK_I', physician: true }),
    ]);
    const { category, triageHistory } = await read(id);
    expect(category).toBe('SK_I');
    expect(triageHistory).toHaveLength(2);
  }
});

test.each([
  { category: 'SK_IV' },
  { category: 'EX' },
  { findings: { walking: false, breathing: false } },
])('%j is for physicians; from others it changes nothing', async (over) => {
  const id = await newOne({ category: 'SK_I' });
  const before = await read(id);
  expect(await outcomeOf(id, over)).toMatchObject({ __typename: 'NotByPhysician' });
  expect(await read(id)).toEqual(before);
  expect(await outcomeOf(id, { ...over, physician: true })).toMatchObject({
    __typename: 'Patient',
  });
});

test('findings that decide nothing are refused with what is missing', async () => {
  const id = await newOne();
  expect(await outcomeOf(id, { findings: { walking: false } })).toMatchObject({
    __typename: 'InvalidFindings',
    missingFindings: [
      'breathing',
      'respiratoryRate',
      'spurtingBleeding',
      'radialPulse',
      'followsCommands',
      'inhalationTraumaWithStridor',
    ],
  });
});

test('EX sets the instant of death; a physician who finds the patient alive resets it', async () => {
  const id = await newOne();
  expect((await outcomeOf(id, { category: 'EX', physician: true })).diedAt).toBe(
    world.clock.now.toISOString(),
  );
  expect((await outcomeOf(id, { category: 'SK_I', physician: true })).diedAt).toBeNull();
});

test('a transport priority that is left out stays', async () => {
  const id = await newOne({ transportPriority: true });
  expect((await outcomeOf(id, { category: 'SK_II' })).transportPriority).toBe(true);
  const after = await outcomeOf(id, { category: 'SK_II', transportPriority: false });
  expect(after.transportPriority).toBe(false);
});

test('repeating a call is one triage; with other input it is refused', async () => {
  const id = await newOne();
  const idempotencyKey = newKey();
  await outcomeOf(id, { category: 'SK_II', idempotencyKey });
  const again = await outcomeOf(id, { category: 'SK_II', idempotencyKey });
  expect(again.triageHistory).toHaveLength(1);
  expect((await outcomeOf(id, { category: 'SK_I', idempotencyKey })).__typename).toBe(
    'IdempotencyKeyReused',
  );
});

test.each([
  ['both a category and findings', { category: 'SK_I', findings: { walking: true } }],
  ['neither', {}],
  ['101 breaths a minute', { findings: { walking: false, respiratoryRate: 101 } }],
])('a triage with %s is a fault of the caller', async (_, over) => {
  const { errors } = await triage(await newOne(), over);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('the control room and the treating facility triage; a facility that expects the patient does not yet', async () => {
  const id = await newOne();
  const [facility] = (await facilitiesIn(world, COLOGNE)) as [string];
  const ward: TestIdentity = { role: 'hospital', facilities: [facility] };
  const over = { category: 'SK_II' };
  expect(await outcomeOf(id, over, ELSEWHERE)).toMatchObject({
    __typename: 'UnknownPatient',
  });
  expect(await outcomeOf(id, over, ward)).toMatchObject({ __typename: 'UnknownPatient' });
  const staff = await triage(id, over, { role: 'crisis-staff', areas: [COLOGNE] });
  expect(staff.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  await world.pool.query(
    `INSERT INTO transfer (kind, patient_id, status, status_at, from_area, to_facility, created_at, created_by)
     VALUES ('PRIMARY', $1, 'UNDER_WAY', now(), $2, $3, now(), 'x')`,
    [id, COLOGNE, facility],
  );
  expect((await triage(id, over, ward)).errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ]);
  await world.pool.query(`UPDATE transfer SET status = 'ARRIVED' WHERE patient_id = $1`, [id]);
  expect(await outcomeOf(id, over, ward)).toMatchObject({ __typename: 'Patient' });
});

describe('SK IV', () => {
  const WATCH = `subscription ($incident: ID, $after: String) {
    patientChanged(incident: $incident, after: $after) { patient { id category retriageDue } } }`;

  test('is due again after 30 minutes, published once by several processes, and again after the next triage', async () => {
    const scene = await newIncident(world);
    const sk4 = { category: 'SK_IV', physician: true };
    const id = await newPatient(world, { incident: scene }, sk4);
    const due = world.inMinutes(30);
    expect(await read(id)).toMatchObject({ retriageAt: due, retriageDue: false });
    const watch = await world.watch(
      WATCH,
      { incident: scene, after: await world.cursor() },
      DISPATCH,
    );
    world.later(30);
    const database = openDatabase(world.databases.patients.url);
    await Promise.all([1, 2, 3].map(() => publishDueForTriage(database, world.clock.now)));
    await publishDueForTriage(database, world.clock.now);
    expect((await watch.next()).value!.data!['patientChanged'].patient).toMatchObject({
      id,
      retriageDue: true,
    });
    await outcomeOf(id, { category: 'SK_IV', physician: true });
    const next = (await watch.next()).value!.data!['patientChanged'].patient;
    expect(next).toMatchObject({ id, retriageDue: false });
    world.later(30);
    await publishDueForTriage(database, world.clock.now);
    expect((await watch.next()).value!.data!['patientChanged'].patient.retriageDue).toBe(true);
    await outcomeOf(id, { category: 'SK_I', physician: true });
    const last = (await watch.next()).value!.data!['patientChanged'].patient;
    expect(last).toMatchObject({ category: 'SK_I', retriageDue: false });
    await Promise.all([watch.return!(), database.close()]);
  });

  test('whom a physician should look at again is a list of its own, by page and with its count', async () => {
    const scene = await newIncident(world);
    const sk4 = { category: 'SK_IV', physician: true };
    const first = await newPatient(world, { incident: scene }, sk4);
    world.later(1);
    const second = await newPatient(world, { incident: scene }, sk4);
    await newPatient(world, { incident: scene }, { category: 'SK_I', physician: true });
    const due = async (over: object = {}, who: TestIdentity = DISPATCH) => {
      const { data } = await world.request(
        `query ($id: ID!, $dueForTriage: Boolean, $first: Int, $after: String) { incident(id: $id) {
          patients(dueForTriage: $dueForTriage, first: $first, after: $after) {
            nodes { id } totalCount pageInfo { hasNextPage endCursor } } } }`,
        { id: scene, dueForTriage: true, ...over },
        who,
      );
      return data.incident.patients;
    };
    expect(await due()).toMatchObject({ nodes: [], totalCount: 0 });
    world.later(29);
    expect(await due()).toMatchObject({ nodes: [{ id: first }], totalCount: 1 });
    world.later(1);
    const page = await due({ first: 1 });
    expect(page).toMatchObject({ nodes: [{ id: first }], totalCount: 2 });
    expect(await due({ first: 1, after: page.pageInfo.endCursor })).toMatchObject({
      nodes: [{ id: second }],
      pageInfo: { hasNextPage: false },
    });
    expect(await due({}, ELSEWHERE)).toMatchObject({ nodes: [], totalCount: 0 });
    expect(await due({ dueForTriage: false })).toMatchObject({ totalCount: 3 });
    await outcomeOf(first, { category: 'SK_I', physician: true });
    expect(await due()).toMatchObject({ nodes: [{ id: second }], totalCount: 1 });
  });

  test('that was triaged otherwise in time is not offered again', async () => {
    const id = await newOne({ category: 'SK_IV', physician: true });
    await outcomeOf(id, { category: 'SK_II', physician: true });
    expect(await read(id)).toMatchObject({ retriageAt: null, retriageDue: false });
  });
});

test('a triage changes the counts of the incident, and its subscribers receive an event for a new category', async () => {
  const scene = await newIncident(world);
  const id = await newPatient(world, { incident: scene }, { category: 'SK_II' });
  const after = await world.cursor();
  const watch = await world.watch(
    `subscription ($id: ID, $after: String) { incidentChanged(id: $id, after: $after) { incident { casualties { category count } } } }`,
    { id: scene, after },
    DISPATCH,
  );
  await outcomeOf(id, { category: 'SK_II' });
  await outcomeOf(id, { category: 'SK_I' });
  const { value } = await watch.next();
  const { casualties } = value!.data!['incidentChanged'].incident;
  expect(casualties).toContainEqual({ category: 'SK_I', count: 1 });
  expect(casualties).toContainEqual({ category: 'SK_II', count: 0 });
  await watch.return!();
});
