import pg from 'pg';
import { pino } from 'pino';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { loggedError } from './logged-error.js';

let database: TestDatabase;
let db: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  db = new pg.Client({ connectionString: database.url });
  await db.connect();
  await db.query('CREATE TABLE person (name TEXT UNIQUE, age INT CHECK (age > 0) NOT NULL)');
  await db.query(`INSERT INTO person VALUES ('Erika', 1)`);
});
afterAll(async () => {
  await db.end();
  await database.drop();
});

test.each<[string, string, unknown[]]>([
  ['a name that is there already', '23505', ['Erika', 1]],
  ['a row that breaks a rule', '23514', ['Erika M.', -1]],
  ['a row that lacks a value', '23502', ['Erika M.', null]],
  ['a value that cannot be read', '22P02', ['x', 'Erika "the" First']],
])('the line of %s holds the fault, and no value', async (_, code, values) => {
  const lines: string[] = [];
  const log = pino({ serializers: { err: loggedError } }, { write: (line) => lines.push(line) });
  const err = await db.query('INSERT INTO person VALUES ($1, $2)', values).catch((e: unknown) => e);
  log.error({ err }, 'fault');
  expect(JSON.parse(lines[0]!).err).toMatchObject({ code, message: expect.any(String) });
  expect(lines[0]).not.toContain('Erika');
});
