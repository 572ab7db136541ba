import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { migrate, type DatabaseSources } from './migrate.js';

let database: TestDatabase;
let folder: string;
let sources: DatabaseSources;

beforeEach(async () => {
  database = await createDatabase();
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  sources = { migrations: folder, functions: [] };
  await migration('1_one', 'CREATE TABLE one (id INT); CREATE TABLE uno (id INT)');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

async function migration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'migration.sql'), sql);
}
async function tables(): Promise<string[]> {
  const db = new pg.Client({ connectionString: database.url });
  await db.connect();
  const { rows } = await db.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%' ORDER BY 1`,
  );
  await db.end();
  return rows.map(({ name }) => name);
}

test('migrations that are missing are applied in order, once', async () => {
  expect(await migrate(database.url, sources)).toEqual(['1_one']);
  await migration('2_two', 'ALTER TABLE one RENAME TO two');
  expect(await migrate(database.url, sources)).toEqual(['2_two']);
  expect(await migrate(database.url, sources)).toEqual([]);
  expect(await tables()).toEqual(['two', 'uno']);
});

test('several processes that start at once apply each migration once', async () => {
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, sources)));
  expect(applied.flat()).toEqual(['1_one']);
});

test('a migration that fails leaves nothing behind and can be corrected', async () => {
  await migration('2_two', 'CREATE TABLE two (id INT); SELECT no_such_function()');
  await expect(migrate(database.url, sources)).rejects.toThrow('Migration 2_two failed');
  await expect(migrate(database.url, sources)).rejects.toThrow(/2_two\/migration\.sql:1\.$/);
  expect(await tables()).toEqual(['one', 'uno']);
  await migration('2_two', 'CREATE TABLE two (id INT)');
  expect(await migrate(database.url, sources)).toEqual(['2_two']);
});

test('a migration that was changed after it was applied stops the start', async () => {
  await migrate(database.url, sources);
  await migration('1_one', 'CREATE TABLE another (id INT)');
  await expect(migrate(database.url, sources)).rejects.toThrow('1_one was changed');
});
