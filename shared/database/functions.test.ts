import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { REVISION_FILE } from './function-files.js';
import { migrate, type DatabaseSources } from './migrate.js';

/** A release: its migrations and functions, in a folder of its own. */
interface Release extends DatabaseSources {
  function(name: string, sql: string): Promise<void>;
  migration(name: string, sql: string): Promise<void>;
}

let database: TestDatabase;
let root: string;
beforeEach(async () => {
  database = await createDatabase();
  root = await mkdtemp(join(tmpdir(), 'functions-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
  await database.drop();
});

async function release(revision: number): Promise<Release> {
  const folder = await mkdtemp(join(root, 'release-'));
  const [migrations, functions] = [join(folder, 'migrations'), join(folder, 'functions')];
  await Promise.all([mkdir(migrations), mkdir(functions)]);
  await writeFile(join(functions, REVISION_FILE), JSON.stringify({ revision, sha256: '' }));
  return {
    migrations,
    functions: [functions],
    function: (name, sql) => writeFile(join(functions, `${name}.sql`), sql),
    async migration(name, sql) {
      await mkdir(join(migrations, name));
      await writeFile(join(migrations, name, 'migration.sql'), sql);
    },
  };
}

const returns = (name: string, value: string) =>
  `-- Rule: ${name}.\nCREATE OR REPLACE FUNCTION ${name}() RETURNS INT LANGUAGE sql AS $$ SELECT ${value} $$;\n`;

async function run(statement: string) {
  const db = new pg.Client(database.url);
  await db.connect();
  try {
    const { rows } = await db.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await db.end();
  }
}
const valueOf = async (name: string) => (await run(`SELECT ${name}() AS value`))[0]!['value'];
const versionOf = async (name: string) =>
  (await run(`SELECT xmin::text FROM pg_proc WHERE proname = '${name}'`))[0]!['xmin'];

test('a changed function is applied again, an unchanged one is not', async () => {
  const one = await release(1);
  await one.function('bed_count', returns('bed_count', '1'));
  await one.function('slot_count', returns('slot_count', '1'));
  expect(await migrate(database.url, one)).toEqual(['bed_count.sql', 'slot_count.sql']);
  expect(await migrate(database.url, one)).toEqual([]);

  const unchanged = await versionOf('slot_count');
  await one.function('bed_count', returns('bed_count', '2'));
  expect(await migrate(database.url, one)).toEqual(['bed_count.sql']);
  expect(await valueOf('bed_count')).toBe(2);
  expect(await versionOf('slot_count')).toBe(unchanged);
});

test('a function is applied after those that it calls, and again when one of them changes', async () => {
  const one = await release(1);
  await one.function('all_beds', returns('all_beds', 'free_beds()'));
  await one.function('free_beds', returns('free_beds', '1'));
  expect(await migrate(database.url, one)).toEqual(['free_beds.sql', 'all_beds.sql']);
  await one.function('free_beds', returns('free_beds', '2'));
  expect(await migrate(database.url, one)).toEqual(['free_beds.sql', 'all_beds.sql']);
});

test('functions that call each other are refused', async () => {
  const one = await release(1);
  await one.function('hen', returns('hen', 'egg()'));
  await one.function('egg', returns('egg', 'hen()'));
  await expect(migrate(database.url, one)).rejects.toThrow(
    'Functions call each other: egg, hen, egg.',
  );
});

test('functions are applied after all migrations, and again after one that replaces a function', async () => {
  const one = await release(1);
  await one.migration('1_beds', 'CREATE TABLE bed (id INT); INSERT INTO bed VALUES (7)');
  await one.function('first_bed', returns('first_bed', 'id FROM bed'));
  expect(await migrate(database.url, one)).toEqual(['1_beds', 'first_bed.sql']);
  await one.migration('2_other', returns('first_bed', '0'));
  expect(await migrate(database.url, one)).toEqual(['2_other', 'first_bed.sql']);
  expect(await valueOf('first_bed')).toBe(7);
});

test('replicas that start at once apply a function once', async () => {
  const one = await release(1);
  await one.function('bed_count', returns('bed_count', '1'));
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, one)));
  expect(applied.flat()).toEqual(['bed_count.sql']);
});

test('a replica of an earlier release that restarts leaves the functions of the later one', async () => {
  const [earlier, later] = [await release(1), await release(2)];
  await earlier.function('bed_count', returns('bed_count', '1'));
  await later.function('bed_count', returns('bed_count', '2'));
  await migrate(database.url, earlier);
  expect(await migrate(database.url, later)).toEqual(['bed_count.sql']);
  expect(await migrate(database.url, earlier)).toEqual([]);
  expect(await valueOf('bed_count')).toBe(2);
});

test('an earlier release with a migration of its own leaves the functions of the later one', async () => {
  const [earlier, later] = [await release(1), await release(2)];
  await earlier.function('bed_count', returns('bed_count', '1'));
  await later.function('bed_count', returns('bed_count', '2'));
  await migrate(database.url, later);
  await earlier.migration('1_beds', 'CREATE TABLE bed (id INT)');
  expect(await migrate(database.url, earlier)).toEqual(['1_beds']);
  expect(await valueOf('bed_count')).toBe(2);
});

test('a function whose result or parameters change is dropped and created', async () => {
  const one = await release(1);
  const create = (parameters: string, result: string) =>
    one.function(
      'beds',
      `CREATE OR REPLACE FUNCTION beds(${parameters}) RETURNS ${result} LANGUAGE sql AS $$ SELECT 1 $$`,
    );
  const signatures = () =>
    run(
      `SELECT pg_get_function_arguments(oid) || ' -> ' || pg_get_function_result(oid) AS signature
       FROM pg_proc WHERE proname = 'beds' ORDER BY 1`,
    );
  for (const [parameters, result] of [
    ['facility uuid', 'integer'],
    ['facility uuid', 'SETOF integer'],
    ['site uuid', 'SETOF integer'],
    ['site uuid, at date', 'SETOF integer'],
  ] as const) {
    await create(parameters, result);
    expect(await migrate(database.url, one)).toEqual(['beds.sql']);
    expect(await signatures()).toEqual([{ signature: `${parameters} -> ${result}` }]);
  }
});

test('overloads in one file are kept together', async () => {
  const one = await release(1);
  const overload = (parameters: string) =>
    `CREATE OR REPLACE FUNCTION beds(${parameters}) RETURNS INT LANGUAGE sql AS $$ SELECT 1 $$;\n`;
  await one.function('beds', overload('') + overload('facility UUID'));
  await migrate(database.url, one);
  expect(await run(`SELECT FROM pg_proc WHERE proname = 'beds'`)).toHaveLength(2);
  expect(await migrate(database.url, one)).toEqual([]);
});

test('a function that cannot be created leaves all as it was, and the error names the file and the line', async () => {
  const one = await release(1);
  await one.function('bed_count', returns('bed_count', '1'));
  await migrate(database.url, one);
  await one.function('bed_count', returns('bed_count', '2'));
  await one.function('slot_count', returns('slot_count', '\n  no_such_column'));
  const error = await migrate(database.url, one).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    message: expect.stringMatching(/^Function slot_count failed at .*\/slot_count\.sql:3\.$/),
    cause: { message: 'column "no_such_column" does not exist' },
  });
  expect(await valueOf('bed_count')).toBe(1);
});

test('a change that other objects of the database stand against is refused', async () => {
  const one = await release(1);
  await one.function('bed_count', returns('bed_count', '1'));
  await migrate(database.url, one);
  await run('CREATE TABLE ward (beds INT DEFAULT bed_count())');
  await one.function(
    'bed_count',
    'CREATE OR REPLACE FUNCTION bed_count() RETURNS BIGINT LANGUAGE sql AS $$ SELECT 1 $$',
  );
  const error = await migrate(database.url, one).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    message: expect.stringMatching(/^Function bed_count failed at .*\/bed_count\.sql\.$/),
    cause: { message: 'cannot drop function bed_count() because other objects depend on it' },
  });
});

test('a file that creates another function, or none, is refused', async () => {
  const one = await release(1);
  await one.function('bed_count', returns('bed_count', '1') + returns('slot_count', '1'));
  await expect(migrate(database.url, one)).rejects.toHaveProperty(
    'cause.message',
    expect.stringContaining('also creates slot_count'),
  );
  await one.function('bed_count', 'SELECT 1');
  await expect(migrate(database.url, one)).rejects.toHaveProperty(
    'cause.message',
    expect.stringContaining('creates no function bed_count'),
  );
});
