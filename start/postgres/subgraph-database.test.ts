import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { databaseSources, migrate } from '../../shared/database/migrate.js';
import { SUBGRAPHS } from '../../shared/env.js';
import { startCluster, type Cluster } from './cluster.js';
import type { DatabaseUrls } from './subgraph-database.js';

let folder: string;
let cluster: Cluster;
const urls = {} as Record<string, DatabaseUrls>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vierblatt-roles-'));
  cluster = await startCluster(folder);
  for (const name of SUBGRAPHS) {
    urls[name] = await cluster.ensureDatabase(name);
    await migrate(urls[name].migration, databaseSources(name), urls[name].runtime);
  }
});
afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(url: string, statement: string, values: unknown[] = []) {
  const session = new pg.Client(url);
  try {
    await session.connect();
    return (await session.query(statement, values)).rows;
  } finally {
    await session.end();
  }
}
const refusalOf = (url: string, statement: string) =>
  run(url, statement).then(
    () => 'done',
    (error: unknown) => (error as pg.DatabaseError).code,
  );
const FORBIDDEN = '42501';

describe.each(SUBGRAPHS)('the runtime role of %s', (name) => {
  test.each([
    ['make a table', 'CREATE TABLE more (id INT)'],
    ['change a table', 'ALTER TABLE outbox_event ADD COLUMN more INT'],
    ['empty a table', 'TRUNCATE outbox_event'],
    ['drop a function', 'DROP FUNCTION outbox_batch()'],
    ['disable a trigger', 'ALTER TABLE outbox_event DISABLE TRIGGER ALL'],
    ['pass over triggers', 'SET session_replication_role = replica'],
    ['make a role', 'CREATE ROLE more'],
    ['read a file of the server', `SELECT pg_read_file('postmaster.pid')`],
    ['write the bookkeeping of migrations', 'DELETE FROM _prisma_migrations'],
  ])('cannot %s', async (_, statement) => {
    expect(await refusalOf(urls[name]!.runtime, statement)).toBe(FORBIDDEN);
  });

  test('reads and writes rows', async () => {
    for (const statement of [
      'SELECT count(*) FROM outbox_event',
      'DELETE FROM outbox_event',
      `INSERT INTO idempotent_call (caller, key_digest, field, input_digest, at) VALUES ('a', 'b', 'c', 'd', now())`,
      `UPDATE idempotent_call SET result = '{}'`,
    ]) {
      expect(await refusalOf(urls[name]!.runtime, statement)).toBe('done');
    }
    const rows = await run(urls[name]!.runtime, 'SELECT migration_name FROM _prisma_migrations');
    expect(rows.length).toBeGreaterThan(0);
  });

  test('finds every function as its file in the repository defines it', async () => {
    const functions = await run(
      urls[name]!.runtime,
      `SELECT proname FROM pg_proc
       WHERE pronamespace = 'public'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL`,
    );
    expect(functions).toEqual([]);
  });

  test('does not reach the database of another subgraph', async () => {
    for (const other of SUBGRAPHS.filter((one) => one !== name)) {
      const url = new URL(urls[name]!.runtime);
      url.pathname = `/${other}`;
      expect(await refusalOf(url.href, 'SELECT 1')).toBe(FORBIDDEN);
    }
  });

  test('is not the role that owns the tables, and neither is a superuser', async () => {
    const owners = await run(
      urls[name]!.runtime,
      `SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(owners).toEqual([{ tableowner: `${name}_owner` }]);
    const roles = await run(
      urls[name]!.runtime,
      `SELECT rolname FROM pg_roles WHERE rolname LIKE $1 AND (rolsuper OR rolcreaterole OR rolcreatedb)`,
      [`${name}%`],
    );
    expect(roles).toEqual([]);
  });
});

test('the runtime role of patients adds to the audit and reads it, and changes or deletes nothing of it', async () => {
  const { runtime } = urls['patients']!;
  expect(await refusalOf(runtime, 'UPDATE audit_entry SET by = by')).toBe(FORBIDDEN);
  expect(await refusalOf(runtime, 'DELETE FROM audit_entry')).toBe(FORBIDDEN);
  const privileges = await run(
    runtime,
    `SELECT p, has_table_privilege('audit_entry', p) AS has FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p`,
  );
  expect(privileges.filter(({ has }) => has).map(({ p }) => p)).toEqual(['SELECT', 'INSERT']);
});

test('a database that a superuser has migrated is handed over with all that is in it', async () => {
  const superuser = cluster.url('handed_over');
  await run(cluster.url('postgres'), 'CREATE DATABASE handed_over');
  await migrate(superuser, databaseSources('patients'));
  const given = await cluster.ensureDatabase('handed_over');
  await migrate(given.migration, databaseSources('patients'), given.runtime);
  await run(given.runtime, 'DELETE FROM outbox_event');
  await run(given.migration, 'ALTER TABLE outbox_event ADD COLUMN more INT');
  const strangers = await run(
    superuser,
    `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
       AND pg_get_userbyid(proowner) <> 'handed_over_owner'
     UNION SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
       AND pg_get_userbyid(typowner) <> 'handed_over_owner'
     UNION SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
       AND pg_get_userbyid(relowner) <> 'handed_over_owner'`,
  );
  expect(strangers).toEqual([]);
});

test('a service finds its migrated database in order under its runtime role, and says what to do when it is not', async () => {
  const { runtime } = urls['capacity']!;
  expect(await migrate(runtime, databaseSources('capacity'))).toEqual([]);
  const empty = await cluster.ensureDatabase('not_migrated');
  await expect(migrate(empty.runtime, databaseSources('capacity'))).rejects.toThrow(
    'the role not_migrated may not apply them',
  );
});

test('roles are made again without a change', async () => {
  expect(await cluster.ensureDatabase('capacity')).toEqual(urls['capacity']);
  await run(urls['capacity']!.runtime, 'SELECT 1');
});
