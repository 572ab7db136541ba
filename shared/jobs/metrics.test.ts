import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { Registry } from 'prom-client';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { inTransaction } from '../database/index.js';
import { projectPath } from '../root.js';
import { MINUTE_MS } from '../time/rules.js';
import { observeJobs } from './metrics.js';
import { addJob, finishJob } from './store.js';

const START = new Date('2026-01-15T09:00:00.000Z');
let now = START;
let database: TestDatabase;
let pool: pg.Pool;
let registry: Registry;
beforeEach(async () => {
  now = START;
  database = await createDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  pool.on('error', () => undefined);
  await pool.query(readFileSync(projectPath('shared/jobs/job.sql'), 'utf8'));
  registry = new Registry();
  observeJobs(registry, { pool, kinds: ['reserve-room', 'return-room'], now: () => now });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const add = (kind: string) =>
  inTransaction(pool, (db) =>
    addJob(db, { kind, subject: randomUUID(), input: {}, actor: 'clerk', at: now }),
  );

/** The values of a scrape, as `name{kind="..."} value`. */
async function scrape(): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line && !line.startsWith('#'));
}

test('open jobs are counted per kind, with the age of the oldest by the clock of the service', async () => {
  await add('reserve-room');
  now = new Date(START.getTime() + MINUTE_MS);
  await add('reserve-room');
  now = new Date(START.getTime() + 90_000);
  expect(await scrape()).toEqual([
    'vierblatt_jobs_open{kind="reserve-room"} 2',
    'vierblatt_jobs_open{kind="return-room"} 0',
    'vierblatt_jobs_oldest_age_seconds{kind="reserve-room"} 90',
    'vierblatt_jobs_oldest_age_seconds{kind="return-room"} 0',
  ]);
});

test('a job whose outcome is recorded does not count', async () => {
  const { id } = await add('return-room');
  await inTransaction(pool, (db) => finishJob(db, id, {}, now));
  expect(await scrape()).toContain('vierblatt_jobs_open{kind="return-room"} 0');
});

test('a scrape without a database has no numbers of jobs, and no old ones', async () => {
  await add('reserve-room');
  expect(await scrape()).toHaveLength(4);
  await pool.query('DROP TABLE job');
  expect(await scrape()).toEqual([]);
});
