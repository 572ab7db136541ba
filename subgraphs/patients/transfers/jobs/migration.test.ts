import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { OPEN_CLAIM } from './statements.js';
import { RESERVATION_USED } from '../lifecycle/statements.js';
import { createDatabase, type TestDatabase } from '../../../../tests/cluster/database.js';
import { projectPath } from '../../../../shared/root.js';

const FOLDER = projectPath('subgraphs/patients/prisma/migrations');
const MIGRATION = /_jobs_of_transfers$/;
const names = readdirSync(FOLDER)
  .filter((name) => /^\d/.test(name))
  .sort();
const sqlOf = (name: string) => readFileSync(`${FOLDER}/${name}/migration.sql`, 'utf8');

let database: TestDatabase;
let db: pg.Client;
beforeEach(async () => {
  database = await createDatabase();
  db = new pg.Client(database.url);
  await db.connect();
  for (const name of names.slice(
    0,
    names.findIndex((one) => MIGRATION.test(one)),
  )) {
    await db.query(sqlOf(name));
  }
});
afterEach(async () => {
  await db.end();
  await database.drop();
});
const migrate = () => db.query(sqlOf(names.find((name) => MIGRATION.test(name))!));

const idsOf = (count: number) => Array.from({ length: count }, () => crypto.randomUUID());
const AT = new Date('2026-01-15T09:00:00.000Z');
const LATER = new Date('2026-01-15T09:00:20.000Z');

/**
 * A transfer with an open job of its acceptance, and one whose job released the slot before, as the table of an earlier
 * version holds them.
 */
async function storeEarlierJobs() {
  const [transfer, open, done, facility, reservation, item] = idsOf(6);
  await db.query('SET session_replication_role = replica'); // without the patient
  await db.query(
    `INSERT INTO transfer (id, kind, patient_id, status, status_at, from_area, to_facility, attempt, created_at, created_by)
     VALUES ($1, 'SECONDARY', gen_random_uuid(), 'DESTINATION_REQUESTED', $2, '05315', $3, 2, $2, 'nurse')`,
    [transfer, AT, facility],
  );
  await db.query(
    `INSERT INTO capacity_errand (id, transfer_id, kind, attempt, facility, bed_category, intake, reservation_id, item, actor,
       created_at, next_at, tries, done_at, outcome)
     VALUES ($1, $3, 'RELEASE', 1, $4, NULL, NULL, $5, $6, 'nurse', $7, $8, 0, $8, '{"is": "SETTLED"}'),
       ($2, $3, 'RESERVE', 2, $4, 'BURN', NULL, NULL, NULL, 'doctor', $7, $8, 1, NULL, NULL)`,
    [done, open, transfer, facility, reservation, item, AT, LATER],
  );
  await db.query('SET session_replication_role = origin');
  return { transfer, open, done, facility, reservation, item };
}

test('the migration carries over what is open and what is done, under the ids that capacity knows', async () => {
  const { transfer, open, done, facility, reservation, item } = await storeEarlierJobs();
  await migrate();
  const { rows } = await db.query('SELECT * FROM job ORDER BY seq');
  const about = { facility, transferKind: 'SECONDARY', fromArea: '05315' };
  const common = { kind: 'transfer.reservation', subject: transfer, created_at: AT };
  expect(rows).toMatchObject([
    {
      id: done,
      ...common,
      actor: 'nurse',
      attempt: 1,
      run_at: LATER,
      leased_until: null,
      done_at: LATER,
      outcome: { is: 'SETTLED' },
      input: { ...about, operation: 'RELEASE', attempt: 1, reservation, item, bedCategory: null },
    },
    {
      id: open,
      ...common,
      actor: 'doctor',
      attempt: 2,
      run_at: LATER,
      leased_until: null,
      done_at: null,
      outcome: null,
      input: { ...about, operation: 'RESERVE', attempt: 2, reservation: null, bedCategory: 'BURN' },
    },
  ]);
  const claims = await db.query({ ...OPEN_CLAIM, values: [transfer, 2] });
  expect(claims.rows).toEqual([{ id: open }]);
  expect((await db.query({ ...RESERVATION_USED, values: [item, null] })).rowCount).toBe(1);
});

test('a call that is repeated after the migration finds its job', async () => {
  const { open, done } = await storeEarlierJobs();
  const store = (key: string, result: object) =>
    db.query(
      `INSERT INTO idempotent_call (caller, key_digest, field, input_digest, at, result) VALUES ('nurse', $1, 'f', 'd', $2, $3)`,
      [key, AT, JSON.stringify(result)],
    );
  await store('a', { attempt: 2, errand: open });
  await store('b', { errands: [done] });
  await store('c', { __typename: 'Patient', id: open });
  await migrate();
  const { rows } = await db.query('SELECT result FROM idempotent_call ORDER BY key_digest');
  expect(rows.map(({ result }) => result)).toEqual([
    { attempt: 2, job: open },
    { jobs: [done] },
    { __typename: 'Patient', id: open },
  ]);
});

test('a replica of an earlier version cannot add a job that no replica would run', async () => {
  await migrate();
  await expect(db.query('INSERT INTO capacity_errand DEFAULT VALUES')).rejects.toThrow(
    'does not exist',
  );
});

test('open jobs and done ones get the present names of their kinds', async () => {
  await migrate();
  const add = (kind: string, doneAt: Date | null) =>
    db.query(
      `INSERT INTO job (kind, subject, input, actor, created_at, run_at, attempt, done_at)
       VALUES ($1, gen_random_uuid(), '{}', 'nurse', $2, $2, 1, $3)`,
      [kind, AT, doneAt],
    );
  await add('transfer.reservation', null);
  await add('transfer.reservation', LATER);
  await add('allocation.confirmation', null);
  await add('allocation.return', null);
  const later = names.slice(names.findIndex((name) => MIGRATION.test(name)) + 1);
  for (const name of later) await db.query(sqlOf(name));
  const { rows } = await db.query('SELECT kind FROM job ORDER BY seq');
  expect(rows.map(({ kind }) => kind)).toEqual([
    'transfer.update-reservation',
    'transfer.update-reservation',
    'allocation.confirm',
    'allocation.return',
  ]);
});

test('the table of jobs is the one of shared/jobs', () => {
  const table = readFileSync(projectPath('shared/jobs/job.sql'), 'utf8');
  const [, statements] = /^(?:--.*\n)+([^]*)$/.exec(table)!;
  expect(sqlOf(names.find((name) => MIGRATION.test(name))!)).toContain(statements);
});
