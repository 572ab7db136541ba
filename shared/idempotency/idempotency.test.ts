import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Pool } from 'pg';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import type { Caller } from '../identity/caller.js';
import { projectPath } from '../root.js';
import { isRefused } from '../validation/rules.js';
import { hoursFromNow, NOW } from '../testing/now.js';
import { digestCallsOf } from './digests.js';
import { doneBefore, forgetCalls, KEPT_HOURS, runOnce, type Call } from './idempotency.js';

let database: TestDatabase;
let pool: Pool;
beforeEach(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.url, max: 20 });
  pool.on('error', () => undefined);
  for (const file of ['idempotency.sql', 'digested.sql']) {
    await pool.query(readFileSync(projectPath('shared/idempotency', file), 'utf8'));
  }
  digestCallsOf(pool, [OLD]);
  await pool.query('CREATE TABLE deed (id SERIAL PRIMARY KEY, by TEXT)');
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const caller = (subject: string): Caller => ({
  claims: { roles: [], scopes: [], areas: [], facilities: [], organisations: [] },
  subject,
});

const call = (changes: Partial<Call> & { key?: string; purpose?: string } = {}): Call => {
  const { key = 'k', purpose = 'bed', ...rest } = changes;
  const input = { idempotencyKey: key, purpose };
  return { caller: caller('anna'), field: 'doIt', input, now: NOW, ...rest };
};

/** Does something and refers to it; refuses for the purpose "refused". */
const deed = (one: Call) =>
  runOnce(pool, one, async (db) => {
    const { rows } = await db.query('INSERT INTO deed (by) VALUES ($1) RETURNING id', ['x']);
    if ((one.input as { purpose?: string }).purpose === 'refused')
      return { __typename: 'NoFreeSlot' as const, message: 'There is none.' };
    return { __typename: 'Deed' as const, id: rows[0].id as number };
  });
const deeds = async () => Number((await pool.query('SELECT count(*) FROM deed')).rows[0].count);

test('the same call again gets the first result and does nothing', async () => {
  const first = await deed(call());
  expect(await deed(call())).toEqual(first);
  expect(await deeds()).toBe(1);
});

test('twenty equal calls at once do it once, and all get the same result', async () => {
  const results = await Promise.all(Array.from({ length: 20 }, () => deed(call())));
  expect(new Set(results.map((result) => (result as { id: number }).id)).size).toBe(1);
  expect(await deeds()).toBe(1);
});

test('a repetition gets the outcome of the first call before it prepares anything', async () => {
  expect(await doneBefore(pool, call())).toBeUndefined();
  await deed(call({ purpose: 'refused' }));
  expect(await doneBefore(pool, call({ purpose: 'refused' }))).toBeUndefined();
  const first = await deed(call());
  expect(await doneBefore(pool, call())).toEqual(first);
  expect(await doneBefore(pool, call({ purpose: 'two beds' }))).toMatchObject({
    __typename: 'IdempotencyKeyReused',
    field: 'doIt',
  });
  expect(await doneBefore(pool, call({ now: hoursFromNow(KEPT_HOURS) }))).toBeUndefined();
});

test.each([
  ['other input', { purpose: 'two beds' }],
  ['another mutation', { field: 'doThat' }],
])('a key used for %s is refused, and names what it was used for', async (_, changes) => {
  await deed(call());
  expect(await deed(call(changes))).toMatchObject({
    __typename: 'IdempotencyKeyReused',
    field: 'doIt',
  });
  expect(await deeds()).toBe(1);
});

test('two callers may use the same key', async () => {
  await deed(call());
  await deed(call({ caller: caller('berta') }));
  expect(await deeds()).toBe(2);
});

test('a refusal undoes everything and leaves the key free', async () => {
  const refused = await deed(call({ purpose: 'refused' }));
  expect(isRefused(refused)).toBe(true);
  expect(await deeds()).toBe(0);
  expect(isRefused(await deed(call()))).toBe(false);
});

test('a call that throws undoes everything, and may be tried again', async () => {
  const failing = runOnce(pool, call(), async (db) => {
    await db.query("INSERT INTO deed (by) VALUES ('x')");
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  expect(await deeds()).toBe(0);
  expect(isRefused(await deed(call()))).toBe(false);
});

test('a broken connection is not given back to the pool', async () => {
  const failing = runOnce(pool, call(), async (db) => {
    const { rows } = await db.query('SELECT pg_backend_pid() AS pid');
    await pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    await db.query('SELECT 1');
    return { __typename: 'Deed' };
  });
  await expect(failing).rejects.toThrow();
  expect(isRefused(await deed(call()))).toBe(false);
});

test(`a key is free again exactly ${KEPT_HOURS} hours later, whether or not it was forgotten`, async () => {
  const first = await deed(call());
  const before = hoursFromNow(KEPT_HOURS - 0.001);
  expect(await deed(call({ now: before }))).toEqual(first);
  expect(await deed(call({ now: hoursFromNow(KEPT_HOURS) }))).not.toEqual(first);
});

test('a call that nobody will repeat is forgotten, and nothing else is', async () => {
  await deed(call({ key: 'old' }));
  await deed(call({ key: 'new', now: hoursFromNow(1) }));
  await forgetCalls(pool, hoursFromNow(KEPT_HOURS));
  const { rows } = await pool.query('SELECT at FROM idempotent_call');
  expect(rows).toEqual([{ at: hoursFromNow(1) }]);
});

test.each([
  ['an empty key', ''],
  ['a blank key', '  '],
  ['a key of 201 characters', 'x'.repeat(201)],
])('%s is refused as bad input', async (_, key) => {
  await expect((async () => deed(call({ key })))()).rejects.toMatchObject({
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

const stored = async () =>
  (await pool.query<{ text: string }>('SELECT to_jsonb(c)::text AS text FROM idempotent_call c'))
    .rows;

test('neither key nor input can be read or found by trial in the database', async () => {
  const one = call({ key: 'Erika Mustermann 1964-08-12' });
  await deed(one);
  const texts = JSON.stringify(await stored());
  expect(texts).not.toContain('Erika');
  for (const text of [one.input.idempotencyKey, JSON.stringify(one.input)]) {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(texts).not.toContain(createHash('sha256').update(text).digest(encoding));
    }
  }
});

test('equal keys and inputs of two callers are stored as different digests', async () => {
  await deed(call());
  await deed(call({ caller: caller('berta') }));
  const { rows } = await pool.query(
    'SELECT count(DISTINCT key_digest)::int AS keys, count(DISTINCT input_digest)::int AS inputs FROM idempotent_call',
  );
  expect(rows).toEqual([{ keys: 2, inputs: 2 }]);
});

test('a replica with the same secret knows a call that another one did', async () => {
  const first = await deed(call());
  const replica = new Pool({ connectionString: database.url, max: 1 });
  digestCallsOf(replica, [OLD]);
  expect(await doneBefore(replica, call())).toEqual(first);
  await replica.end();
});

test('a call is known after its secret was replaced, as long as the old one is named', async () => {
  const first = await deed(call());
  digestCallsOf(pool, [NEW, OLD]);
  expect(await deed(call())).toEqual(first);
  expect(await deed(call({ purpose: 'two beds' }))).toMatchObject({
    __typename: 'IdempotencyKeyReused',
  });
  expect(await deeds()).toBe(1);
});

test('a call that was stored before digests were keyed is known until its time is over', async () => {
  const { input } = call();
  await pool.query(
    `INSERT INTO idempotent_call (caller, key_digest, field, input_digest, result, at) VALUES ('anna', 'k', 'doIt', $1, $2, $3)`,
    [createHash('sha256').update(JSON.stringify(input)).digest('hex'), { id: 7 }, NOW],
  );
  expect(await deed(call())).toEqual({ id: 7 });
  expect(await doneBefore(pool, call())).toEqual({ id: 7 });
  expect(await deeds()).toBe(0);
  await deed(call({ now: hoursFromNow(KEPT_HOURS) }));
  expect(await deeds()).toBe(1);
});

test('a database whose secret was not named stores no call', () => {
  const other = new Pool({ connectionString: database.url });
  expect(() => runOnce(other, call(), async () => ({ id: 1 }))).toThrow('secret');
});

test('every subgraph keeps its calls in this table', () => {
  for (const [file, suffix] of [
    ['idempotency.sql', '_idempotency'],
    ['digested.sql', '_digested_calls'],
  ] as const) {
    const own = readFileSync(projectPath('shared/idempotency', file), 'utf8');
    for (const subgraph of readdirSync(projectPath('subgraphs'))) {
      const folder = projectPath('subgraphs', subgraph, 'prisma/migrations');
      const migrations = readdirSync(folder).filter((name) => name.endsWith(suffix));
      expect(migrations).toHaveLength(1);
      expect(readFileSync(`${folder}/${migrations[0]}/migration.sql`, 'utf8')).toBe(own);
    }
  }
});
