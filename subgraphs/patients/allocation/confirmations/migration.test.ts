import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { projectPath } from '../../../../shared/root.js';
import { createDatabase, type TestDatabase } from '../../../../tests/cluster/database.js';

const FOLDER = projectPath('subgraphs/patients/prisma/migrations');
const names = readdirSync(FOLDER)
  .filter((name) => /^\d/.test(name))
  .sort();
const sqlOf = (name: string) => readFileSync(`${FOLDER}/${name}/migration.sql`, 'utf8');
const NAME = names.find((name) => name.endsWith('_jobs_of_plans'))!;

let database: TestDatabase;
let db: pg.Client;
beforeEach(async () => {
  database = await createDatabase();
  db = new pg.Client(database.url);
  await db.connect();
  for (const name of names.filter((one) => one < NAME)) await db.query(sqlOf(name));
});
afterEach(async () => {
  await db.end();
  await database.drop();
});

const AT = new Date('2026-01-15T09:00:00.000Z');
const LATER = new Date('2026-01-15T09:00:20.000Z');

async function storePlan(status: string, nextAt: Date | null, tries = 0): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO allocation_plan (facility_id, area, status, wave, digest, parameters, patients, allocated, weighted_minutes, cost,
       solver_milliseconds, timed_out, method, proposed_at, proposed_by, settled_at, settled_by, confirmed_by, next_at, tries)
     VALUES (gen_random_uuid(), '05315', $1, 1, 'd', '{}', 2, 2, 1, 1, 1, false, 'EXACT', $2, 'dispatcher', $2, 'dispatcher',
       'dispatcher', $3, $4) RETURNING id`,
    [status, AT, nextAt, tries],
  );
  return rows[0]!.id;
}

test('the migration creates jobs for plans with open work, and for no other', async () => {
  const confirming = await storePlan('CONFIRMING', LATER, 3);
  const discarded = await storePlan('DISCARDED', LATER);
  await storePlan('CONFIRMED', null);
  await storePlan('DISCARDED', null);
  await db.query(sqlOf(NAME));
  const { rows } = await db.query('SELECT * FROM job ORDER BY seq');
  const open = { created_at: AT, run_at: LATER, leased_until: null, done_at: null, outcome: null };
  const common = { kind: 'allocation.confirmation', input: {}, actor: 'dispatcher', ...open };
  expect(rows).toMatchObject([
    { ...common, subject: confirming, attempt: 4 },
    { ...common, subject: discarded, attempt: 1 },
  ]);
});

test('the migration keeps the slots that are to be released, by reservation, and those that were released', async () => {
  const plan = await storePlan('CONFIRMED', null);
  const [first, second, a, b, c, d] = Array.from({ length: 6 }, () => crypto.randomUUID());
  await db.query(
    `INSERT INTO allocation_return (plan_id, reservation_id, item, next_at, tries, done_at)
     VALUES ($1, $2, $4, $8, 2, NULL), ($1, $2, $5, $8, 0, NULL), ($1, $2, $6, $8, 0, $8), ($1, $3, $7, $8, 0, NULL)`,
    [plan, first, second, a, b, c, d, LATER],
  );
  await db.query(sqlOf(NAME));
  const { rows } = await db.query('SELECT * FROM job');
  const returned = (reservation: string, items: string[]) => ({
    kind: 'allocation.return',
    subject: plan,
    actor: 'dispatcher',
    run_at: LATER,
    input: { reservation, items: items.sort() },
  });
  expect(rows).toHaveLength(3);
  expect(rows).toEqual(
    expect.arrayContaining(
      [
        { ...returned(first!, [a!, b!]), attempt: 3, done_at: null, outcome: null },
        { ...returned(first!, [c!]), attempt: 1, done_at: LATER, outcome: { is: 'RETURNED' } },
        { ...returned(second!, [d!]), attempt: 1, done_at: null, outcome: null },
      ].map((row) => expect.objectContaining(row)),
    ),
  );
});
