import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { patientsWorld, type PatientsWorld } from '../testing/patients-world.js';

/** A role as services run under: it owns nothing, and was granted everything by mistake. */
const runtime = `runtime_${randomBytes(6).toString('hex')}`;
let world: PatientsWorld;
let asRuntime: pg.Client;
beforeAll(async () => {
  world = await patientsWorld();
  await world.pool.query(`CREATE ROLE ${runtime} LOGIN PASSWORD 'runtime'`);
  await world.pool.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${runtime}`);
  const url = new URL(world.databases.patients.url);
  [url.username, url.password] = [runtime, 'runtime'];
  asRuntime = new pg.Client({ connectionString: url.href });
  await asRuntime.connect();
});
afterAll(async () => {
  await asRuntime.end();
  await world.pool.query(`DROP OWNED BY ${runtime}`);
  await world.pool.query(`DROP ROLE ${runtime}`);
  await world.close();
});

/** Inserts an entry and gives its id. */
async function entry(
  db: pg.Client | pg.Pool,
  changes: { at?: string; words?: string; patient?: string } = {},
) {
  const id = randomUUID();
  const { at = '2026-01-01', words = null, patient = randomUUID() } = changes;
  await db.query(
    `INSERT INTO audit_entry (id, at, by, roles, action, stated_purpose, found, patients, areas, facilities)
     VALUES ($1, $2, 'x', '{}', 'REVEAL_IDENTITY', $3, true, ARRAY[$4::uuid], '{}', '{}')`,
    [id, at, words, patient],
  );
  return id;
}
const find = async (id: string) =>
  (await world.pool.query('SELECT stated_purpose AS words FROM audit_entry WHERE id = $1', [id]))
    .rows[0];

test.each([
  ['changes', `UPDATE audit_entry SET by = 'nobody'`],
  ['deletes', 'DELETE FROM audit_entry'],
  ['empties', 'TRUNCATE audit_entry'],
])('a service never %s audit entries, whatever it was granted', async (_, statement) => {
  const id = await entry(asRuntime);
  await expect(asRuntime.query(statement)).rejects.toMatchObject({ code: '42501' });
  await asRuntime.query(`SET vierblatt.audit_retention = 'on'`);
  await expect(asRuntime.query(statement)).rejects.toMatchObject({ code: '42501' });
  await asRuntime.query('RESET vierblatt.audit_retention');
  expect(await find(id)).toBeDefined();
});

test('the owner of the table is refused too, unless one of the two functions does it', async () => {
  await entry(world.pool);
  for (const statement of [
    'UPDATE audit_entry SET count = 1',
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry',
  ]) {
    await expect(world.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
  }
});

test('retention forgets what is older than an instant, and nothing of the last year', async () => {
  const [old, young] = [await entry(asRuntime, { at: '2020-01-01' }), await entry(asRuntime)];
  const forget = (before: string) =>
    asRuntime.query('SELECT forget_audit_entries($1::timestamptz) AS count', [before]);
  await expect(forget(new Date().toISOString())).rejects.toMatchObject({ code: '22023' });
  expect((await forget('2021-01-01')).rows).toEqual([{ count: '1' }]);
  expect(await find(old)).toBeUndefined();
  expect(await find(young)).toBeDefined();
  await expect(asRuntime.query('DELETE FROM audit_entry')).rejects.toMatchObject({ code: '42501' });
});

test('erasure removes the words about a patient, and who looked at the patient stays', async () => {
  const patient = randomUUID();
  const own = await entry(asRuntime, { words: 'Erika asked', patient });
  const other = await entry(asRuntime, { words: 'Max asked' });
  const { rows } = await asRuntime.query('SELECT erase_audit_words($1) AS count', [patient]);
  expect(rows).toEqual([{ count: '1' }]);
  expect(await find(own)).toEqual({ words: null });
  expect(await find(other)).toEqual({ words: 'Max asked' });
});
