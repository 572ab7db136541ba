import { eachOnce } from '../../../../shared/testing/each-once.js';
import { tickUntil } from '../../testing/clock.js';
import { facilitiesIn, newIncident, newKey } from '../../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import { call, drive, primary, register } from '../../testing/transfers.js';
import { confirm, giveIntake, intakeOf, planOf } from '../../testing/plans.js';

let world: PatientsWorld;
let facilities: string[];
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 30);
  await giveIntake(world, facilities, 3);
  incident = await newIncident(world);
});
afterAll(() => world.close());

/** A facility that no other test uses, which accepts three SK II. */
const newFacility = eachOnce(() => facilities);
const planFor = async (facility: string, count = 1, where: object = { incident }) => {
  const patients = await register(world, where, count);
  const entries = patients.map((patient) => ({ patient, facility }));
  return { plan: await planOf(world, { incident }, entries), patients };
};
const send = async (mutation: string, type: string, input: object, who?: TestIdentity) => {
  const { data, errors } = await world.request(
    `mutation ($input: ${type}!) { outcome: ${mutation}(input: $input) { __typename ... on Refusal { message } } }`,
    { input },
    who,
  );
  if (errors || data.outcome.message) throw new Error(JSON.stringify(errors ?? data.outcome));
};
const triage = (patient: string, category: string) =>
  send('triagePatient', 'TriagePatientInput', {
    patient,
    category,
    physician: true,
    idempotencyKey: newKey(),
  });

test('the slots are reserved for others: PLACE_TAKEN for each patient without a slot', async () => {
  const facility = newFacility();
  const { plan, patients } = await planFor(facility, 3);
  const { plan: faster } = await planFor(facility, 2);
  await confirm(world, faster);
  const { summary, lost, assignments } = await confirm(world, plan);
  expect(summary).toEqual({ confirmed: 1, lost: 2 });
  expect(lost).toEqual({
    totalCount: 2,
    nodes: patients.slice(1).map((id) => ({
      patient: { id },
      facility: { id: facility },
      code: 'PLACE_TAKEN',
      reason: 'All 3 slots of the facility for SK_II are reserved. Propose again.',
    })),
  });
  expect(assignments.nodes.map(({ outcome }: any) => outcome)).toEqual([
    'CONFIRMED',
    'LOST',
    'LOST',
  ]);
  expect(await intakeOf(world, facility)).toMatchObject({ limit: 3, reserved: 3, free: 0 });
});

test('no slot is left: every patient loses the facility, and the plan is confirmed', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility, 2);
  await confirm(world, (await planFor(facility, 3)).plan);
  const outcome = await confirm(world, plan);
  expect(outcome).toMatchObject({ status: 'CONFIRMED', summary: { confirmed: 0, lost: 2 } });
});

test('the facility accepts fewer than at the proposal: LIMIT_LOWERED', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility, 3);
  world.later(1);
  await giveIntake(world, [facility], 2);
  const { lost } = await confirm(world, plan);
  expect(lost.nodes).toMatchObject([
    { code: 'LIMIT_LOWERED', reason: expect.stringContaining('accepted 3 SK_II in all') },
  ]);
  expect(await intakeOf(world, facility)).toMatchObject({ limit: 2, reserved: 2, free: 0 });
});

test('the facility accepts fewer than at the proposal and has slots all the same: nobody loses it', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility, 2);
  world.later(1);
  await giveIntake(world, [facility], 2);
  expect(await confirm(world, plan)).toMatchObject({ summary: { confirmed: 2, lost: 0 } });
});

test('a change elsewhere refuses no patient', async () => {
  const [facility, other] = [newFacility(), newFacility()];
  const { plan } = await planFor(facility);
  world.later(1);
  await giveIntake(world, [other], 0);
  await confirm(world, (await planFor(facility)).plan);
  await triage((await register(world, { incident }))[0]!, 'SK_I');
  expect(await confirm(world, plan)).toMatchObject({ summary: { confirmed: 1, lost: 0 } });
});

test.each<[string, (patient: string) => Promise<unknown>]>([
  ['DIED', (patient) => call(world, 'recordDeath', { patient })],
  ['DIED', (patient) => triage(patient, 'EX')],
  ['TRIAGED_OTHERWISE', (patient) => triage(patient, 'SK_I')],
  ['TRIAGED_OTHERWISE', (patient) => triage(patient, 'SK_IV')],
  ['ALREADY_MOVED', (patient) => call(world, 'requestTransfer', primary(patient))],
  ['ALREADY_MOVED', (patient) => handOver(patient)],
])('the patient has changed: %s, and the slot is released', async (code, change) => {
  const facility = newFacility();
  const { plan, patients } = await planFor(facility, 2);
  await change(patients[0]!);
  const { lost, summary } = await confirm(world, plan);
  expect(lost.nodes).toMatchObject([{ patient: { id: patients[0] }, code }]);
  expect(summary).toEqual({ confirmed: 1, lost: 1 });
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 1, free: 2 });
});

const says = (patient: string, column: string) =>
  world.pool.query(`UPDATE patient SET ${column} WHERE id = $1`, [patient]);

test.each<[string, string]>([
  ['NEEDS_CHANGED', "needs = '{BURNS}'"],
  ['NEEDS_CHANGED', 'ventilated = true'],
])(
  'the needs of the patient have changed: %s by %s, and the slot is released',
  async (code, column) => {
    const facility = newFacility();
    const { plan, patients } = await planFor(facility, 2);
    await says(patients[0]!, column);
    const { lost } = await confirm(world, plan);
    expect(lost.nodes).toMatchObject([{ patient: { id: patients[0] }, code }]);
    expect(await intakeOf(world, facility)).toMatchObject({ reserved: 1, free: 2 });
  },
);

test('a patient who was erased in the meantime is not sent: ERASED', async () => {
  const facility = newFacility();
  const { plan, patients } = await planFor(facility, 2);
  await send(
    'erasePatient',
    'ErasePatientInput',
    { patient: patients[0], reason: 'Art. 17' },
    {
      role: 'crisis-staff',
      areas: [''],
    },
  );
  const { lost } = await confirm(world, plan);
  expect(lost.nodes).toMatchObject([{ code: 'ERASED' }]);
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 1, free: 2 });
});

test('an erasure removes the dispatcher’s texts about a patient, in the plan and in the steps of the transfer', async () => {
  const { plan, patients } = await planFor(newFacility(), 2);
  const reason = 'her mother Erika works there';
  const overrides = patients.map((patient) => ({ patient, facility: newFacility(), reason }));
  await confirm(world, plan, { overrides });
  await send(
    'erasePatient',
    'ErasePatientInput',
    { patient: patients[0], reason: 'Art. 17' },
    {
      role: 'crisis-staff',
      areas: [''],
    },
  );
  const { rows } = await world.pool.query(
    `SELECT a.patient_id AS patient, a.outcome::text, a.override_reason AS reason,
       ARRAY(SELECT s.reason FROM transfer_step s WHERE s.transfer_id = a.transfer_id) AS steps
     FROM allocation a WHERE a.plan_id = $1 ORDER BY a.position`,
    [plan],
  );
  const words = rows.map((row) => [row.patient === patients[0], row.reason, ...new Set(row.steps)]);
  expect(words).toEqual([
    [true, null],
    [false, reason],
    [true, null, null],
    [false, reason, reason],
  ]);
});

test('a patient of an override is compared with their state at the override', async () => {
  const facility = newFacility();
  const { plan, patients } = await planFor(facility);
  await says(patients[0]!, "needs = '{BURNS}'");
  const overrides = [{ patient: patients[0], facility: newFacility(), reason: 'burns unit' }];
  expect(await confirm(world, plan, { overrides })).toMatchObject({
    summary: { confirmed: 1, lost: 0 },
  });
});

test('capacity refuses the whole reservation: every patient loses the facility, and the plan is confirmed', async () => {
  const { plan } = await planFor(newFacility(), 2);
  await usedOtherwise(`allocation ${plan}`, newFacility());
  const { status, lost } = await confirm(world, plan);
  expect({ status, lost }).toMatchObject({
    status: 'CONFIRMED',
    lost: {
      nodes: [1, 2].map(() => ({
        code: 'RESERVATION_REFUSED',
        reason: expect.stringContaining('idempotencyKey'),
      })),
    },
  });
});

test('a reservation of the dispatcher under a key that looks like the plan’s is not the plan’s', async () => {
  const { plan } = await planFor(newFacility());
  await usedOtherwise(plan, newFacility());
  expect(await confirm(world, plan)).toMatchObject({ summary: { confirmed: 1, lost: 0 } });
});

/** Reserves something else with a key, as the person who confirms. */
async function usedOtherwise(idempotencyKey: string, facility: string): Promise<void> {
  const items = [{ facility, intake: 'SK_II', count: 1 }];
  const { data } = await world.requestCapacity(
    'mutation ($input: ReserveBedsInput!) { reserveBeds(input: $input) { __typename } }',
    { input: { items, kind: 'PRIMARY', idempotencyKey } },
    { role: 'crisis-staff', areas: [''], subject: 'control room' },
  );
  expect(data.reserveBeds.__typename).toBe('Reservation');
}

test('a patient whose transfer was cancelled is at the scene again, and is sent', async () => {
  const { plan, patients } = await planFor(newFacility());
  const { id } = await call(world, 'requestTransfer', primary(patients[0]!));
  await call(world, 'cancelTransfer', { transfer: id, reason: 'closed road' });
  expect(await confirm(world, plan)).toMatchObject({ summary: { confirmed: 1, lost: 0 } });
});

test('the first of two plans with one patient sends the patient, and the second loses them as moved', async () => {
  const [near, far] = [newFacility(), newFacility()];
  const [both] = await register(world, { incident });
  const plans = [
    await planOf(world, { incident }, [{ patient: both!, facility: near }]),
    await planOf(world, { incident }, [{ patient: both!, facility: far }]),
  ];
  const outcomes = await Promise.all(plans.map((plan) => confirm(world, plan)));
  const lost = outcomes.flatMap((outcome) => outcome.lost.nodes);
  expect(lost).toMatchObject([{ code: 'ALREADY_MOVED' }]);
  const reserved = [await intakeOf(world, near), await intakeOf(world, far)];
  expect(reserved.map((intake) => intake.reserved).sort()).toEqual([0, 1]);
});

/** Moves a patient to another facility by a transfer that ends there. */
async function handOver(patient: string): Promise<void> {
  const facility = newFacility();
  const { id } = await call(
    world,
    'requestTransfer',
    primary(patient, { to: facility, bedCategory: null }),
  );
  await call(world, 'acceptTransfer', { transfer: id }, staffOf(facility));
  await drive(world, id, [7, 8]);
  await call(world, 'handOver', { transfer: id }, staffOf(facility));
  await tickUntil(world, async () => {
    const { rowCount } = await world.pool.query('SELECT FROM job WHERE done_at IS NULL');
    return rowCount === 0;
  });
}

test('callers who lead read the patients who lost their facility page by page, and nobody else reads them', async () => {
  const facility = newFacility();
  const { plan, patients } = await planFor(facility, 3);
  await confirm(world, (await planFor(facility, 2)).plan);
  await confirm(world, plan);
  const LOST = `query ($plan: ID!, $after: String) { allocationPlan(id: $plan) {
    lost(first: 1, after: $after) { totalCount nodes { patient { id } } pageInfo { hasNextPage endCursor } } } }`;
  const first = (await world.request(LOST, { plan })).data.allocationPlan.lost;
  expect(first).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
  expect(first.nodes).toEqual([{ patient: { id: patients[1] } }]);
  const { endCursor: after } = first.pageInfo;
  const { lost } = (await world.request(LOST, { plan, after })).data.allocationPlan;
  expect(lost).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: false } });
  expect(lost.nodes).toEqual([{ patient: { id: patients[2] } }]);
  const { data, errors } = await world.request(LOST, { plan }, staffOf(facility));
  expect({ data, errors }).toEqual({ data: { allocationPlan: { lost: null } }, errors: undefined });
});
