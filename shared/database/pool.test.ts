import { withVariables } from '../../tests/environment.js';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { openPool } from './pool.js';
import { closeSession, endOf, openSession } from './session.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

test('a connection that breaks between checkout and use ends nothing but itself', async () => {
  const pool = openPool(database.url);
  const client = await pool.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const broken = new Promise((resolve) => client.once('end', resolve));
  const other = await openSession(database.url);
  await other.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
  await broken;
  client.release();
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await closeSession(other);
  await pool.end();
});

test('a session that breaks while nobody waits for it ends nothing but itself', async () => {
  const session = await openSession(database.url);
  const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const other = await openSession(database.url);
  await other.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
  await endOf(session);
  await closeSession(session);
  await closeSession(other);
});

test('no variable of the shell reaches a connection', async () => {
  const shell = { PGOPTIONS: '-c work_mem=65kB', PGAPPNAME: 'the shell', PGSSLMODE: 'require' };
  await withVariables(shell, async () => {
    const pool = openPool(database.url);
    const { rows } = await pool.query(
      "SELECT current_setting('application_name') AS name, current_setting('work_mem') AS memory",
    );
    expect(rows).toEqual([{ name: '', memory: '4MB' }]);
    await pool.end();
  });
});
