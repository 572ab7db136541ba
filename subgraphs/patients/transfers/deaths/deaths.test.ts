import { eachOnce } from '../../../../shared/testing/each-once.js';
import { facilitiesIn, newIncident, newKey } from '../../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import {
  bedsOf,
  call,
  callRaw,
  drive,
  giveBeds,
  primary,
  register,
  transferOf,
} from '../../testing/transfers.js';

let world: PatientsWorld;
let facilities: string[];
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 10);
  await giveBeds(world, facilities, 3);
  incident = await newIncident(world);
});
afterAll(() => world.close());

const newFacility = eachOnce(() => facilities);
const newOne = async () => (await register(world, { incident }))[0]!;
const die = (patient: string, who?: TestIdentity) => call(world, 'recordDeath', { patient }, who);
const requested = async (patient: string, to?: string) =>
  (await call(world, 'requestTransfer', primary(patient, to ? { to } : {}))).id as string;
const accepted = async (patient: string, facility: string) => {
  const transfer = await requested(patient, facility);
  await call(world, 'acceptTransfer', { transfer }, staffOf(facility));
  return transfer;
};
const statusOf = async (transfer: string) => (await transferOf(world, transfer)).status as string;

/** Waits until a transaction waits for a lock that another one holds. */
async function someoneWaits(): Promise<void> {
  for (;;) {
    const { rowCount } = await world.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rowCount !== 0) return;
  }
}

/** Does `meanwhile` in a transaction that ends only once the death that is recorded at the same time waits for it. */
async function dieWhile(patient: string, meanwhile: string, values: unknown[]) {
  const db = await world.pool.connect();
  try {
    await db.query('BEGIN');
    await db.query('SELECT FROM patient WHERE id = $1 FOR UPDATE', [patient]);
    await db.query(meanwhile, values);
    const death = callRaw(world, 'recordDeath', { patient });
    await someoneWaits();
    await db.query('COMMIT');
    return await death;
  } finally {
    db.release();
  }
}

test('EX by a physician’s triage ends the transfer as a recorded death does', async () => {
  const [patient, facility] = [await newOne(), newFacility()];
  const transfer = await accepted(patient, facility);
  const input = { patient, category: 'EX', physician: true, idempotencyKey: newKey() };
  const triage = () =>
    world.request(
      `mutation ($input: TriagePatientInput!) { triagePatient(input: $input) {
        __typename ... on Patient { id category transfer { status } } } }`,
      { input },
    );
  const { data } = await triage();
  expect(data.triagePatient).toMatchObject({ category: 'EX', transfer: { status: 'DIED' } });
  expect(await bedsOf(world, facility)).toMatchObject({ reserved: 0, free: 3 });
  const { steps } = await transferOf(world, transfer);
  await triage();
  expect((await transferOf(world, transfer)).steps).toEqual(steps);
});

test('the transfer of a patient who is dead already ends, and the time of the death stays', async () => {
  const [patient, facility] = [await newOne(), newFacility()];
  const transfer = await accepted(patient, facility);
  const diedAt = world.clock.now.toISOString();
  await world.pool.query(`UPDATE patient SET category = 'EX', died_at = $2 WHERE id = $1`, [
    patient,
    diedAt,
  ]);
  world.later(1);
  await die(patient);
  expect(await statusOf(transfer)).toBe('DIED');
  expect(await bedsOf(world, facility)).toMatchObject({ reserved: 0, free: 3 });
  const { data } = await world.request('query ($id: ID!) { patient(id: $id) { diedAt } }', {
    id: patient,
  });
  expect(data.patient.diedAt).toBe(diedAt);
});

test('a transfer that begins while the death is recorded ends by it', async () => {
  const patient = await newOne();
  const { data, errors } = await dieWhile(
    patient,
    `INSERT INTO transfer (kind, patient_id, incident_id, status, status_at, from_area, bed_category, created_at, created_by)
     VALUES ('PRIMARY', $1, $2, 'APPROVED', $3, '05315', 'ICU_UNSPECIFIED', $3, 'x')`,
    [patient, incident, world.clock.now],
  );
  expect(errors).toBeUndefined();
  expect(data.outcome).toMatchObject({ __typename: 'Patient', id: patient });
  const after = await world.request(
    'query ($id: ID!) { patient(id: $id) { transfer { status } } }',
    {
      id: patient,
    },
  );
  expect(after.data.patient.transfer.status).toBe('DIED');
});

test('a transfer that ends while the death is recorded stays as it ended', async () => {
  const patient = await newOne();
  const transfer = await requested(patient);
  const { data, errors } = await dieWhile(
    patient,
    `UPDATE transfer SET status = 'CANCELLED' WHERE id = $1`,
    [transfer],
  );
  expect(errors).toBeUndefined();
  expect(data.outcome).toMatchObject({ __typename: 'Patient', id: patient });
  expect(await statusOf(transfer)).toBe('CANCELLED');
});

test('the first counts of requests and deaths at once, and no dead patient is left on the way', async () => {
  for (let n = 0; n < 8; n++) {
    const patient = await newOne();
    const [transferRequest, death] = await Promise.all([
      call(world, 'requestTransfer', primary(patient)),
      die(patient),
    ]);
    expect(death).toMatchObject({ __typename: 'Patient' });
    if (transferRequest.__typename === 'Transfer')
      expect(await statusOf(transferRequest.id)).toBe('DIED');
    else expect(transferRequest).toMatchObject({ __typename: 'NotTransportable', category: 'EX' });
  }
});

test('subscribers of the incident get one event for the changed casualties', async () => {
  const scene = await newIncident(world);
  const [patient] = await register(world, { incident: scene });
  const events = () =>
    world.eventCount({ topic: 'patients.incident-casualties-changed', entity: scene });
  const before = await events();
  await die(patient!);
  await die(patient!);
  expect(await events()).toBe(before + 1);
});

test('a facility that expects the patient records no death before the arrival', async () => {
  const [patient, facility] = [await newOne(), newFacility()];
  const isForbidden = async () => {
    const { errors } = await callRaw(world, 'recordDeath', { patient }, staffOf(facility));
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  };
  const transfer = await requested(patient, facility);
  await isForbidden();
  await call(world, 'acceptTransfer', { transfer }, staffOf(facility));
  await drive(world, transfer, [7]);
  await isForbidden();
  await drive(world, transfer, [8]);
  expect(await die(patient, staffOf(facility))).toMatchObject({ __typename: 'Patient' });
});

describe('after a death', () => {
  const sees = async (patient: string, facility: string) => {
    const query = 'query ($id: ID!) { patient(id: $id) { transfer { id } } }';
    return (await world.request(query, { id: patient }, staffOf(facility))).data.patient !== null;
  };
  const requested = async (from: string, to: string, kind = 'SECONDARY') => {
    const [patient] = await register(world, { facility: from });
    const transferRequest = primary(patient!, { kind, to });
    const { id } = await call(world, 'requestTransfer', transferRequest, staffOf(from));
    return { patient: patient!, transfer: id as string };
  };
  const staff = { role: 'crisis-staff', areas: ['05'], subject: 'staff' };
  const decide = (transfer: string, decision: string) =>
    call(world, 'approveTransfer', { transfer, decision, reason: 'later' }, staff);

  test.each(['REQUESTED', 'DEFERRED'])(
    'of a patient whose transfer is %s, a facility that was named and never requested learns nothing',
    async (status) => {
      const [from, to] = [facilities[0]!, facilities[1]!];
      const { patient, transfer } = await requested(from, to);
      if (status === 'DEFERRED') await decide(transfer, 'DEFER');
      expect(await statusOf(transfer)).toBe(status);
      await die(patient);
      expect(await sees(patient, to)).toBe(false);
      expect(await transferOf(world, transfer, staffOf(to))).toBeNull();
      expect(await transferOf(world, transfer)).toMatchObject({ status: 'DIED', to: null });
      expect(await sees(patient, from)).toBe(true);
      const tags = await world.pool.query(
        `SELECT FROM outbox_event WHERE topic LIKE 'patients.%-died' AND $1 = ANY (tags)
         AND entity IN ($2, $3)`,
        [`facility:${to}`, patient, transfer],
      );
      expect(tags.rowCount).toBe(0);
    },
  );

  test('the facility that expected the patient gets an event that they do not come, and sees them no more', async () => {
    const [from, to] = [facilities[0]!, facilities[1]!];
    const { patient, transfer } = await requested(from, to);
    await decide(transfer, 'APPROVE');
    expect(await sees(patient, to)).toBe(true);
    await die(patient);
    expect([await sees(patient, from), await sees(patient, to)]).toEqual([true, false]);
    const rows = await world.eventsOf({ topic: 'patients.transfer-died', entity: transfer });
    expect(rows[0]!.tags).toContain(`facility:${to}`);
  });

  test('after the arrival the patient is that facility’s, and the sending one gets an event and sees them no more', async () => {
    const [from, to] = [facilities[0]!, facilities[2]!];
    const { patient, transfer } = await requested(from, to);
    await decide(transfer, 'APPROVE');
    await call(world, 'acceptTransfer', { transfer }, staffOf(to));
    await drive(world, transfer, [7, 8]);
    await die(patient, staffOf(to));
    expect([await sees(patient, from), await sees(patient, to)]).toEqual([false, true]);
    const rows = await world.eventsOf({ topic: 'patients.transfer-died', entity: transfer });
    expect(rows[0]!.tags).toEqual(expect.arrayContaining([`facility:${from}`, `facility:${to}`]));
  });
});
