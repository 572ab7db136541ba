import { readdirSync, readFileSync } from 'node:fs';
import { Pool } from 'pg';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import type { Caller } from '../identity/caller.js';
import { projectPath } from '../root.js';
import { doneBefore, forgetCalls, isRefused, KEPT_HOURS, once, type Call } from './idempotency.js';

let database: TestDatabase;
let pool: Pool;
beforeEach(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.url, max: 20 });
  pool.on('error', () => undefined);
  await pool.query(readFileSync(projectPath('shared/idempotency/idempotency.sql'), 'utf8'));
  await pool.query('CREATE TABLE deed (id SERIAL PRIMARY KEY, by TEXT)');
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const NOW = new Date('2026-01-15T09:00:00.000Z');
const hoursLater = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);
const caller = (subject: string): Caller => ({
  claims: { roles: [], scopes: [], areas: [], facilities: [] },
  subject,
});

const call = (changes: Partial<Call> & { key?: string; wish?: string } = {}): Call => {
  const { key = 'k', wish = 'bed', ...rest } = changes;
  const input = { idempotencyKey: key, wish };
  return { caller: caller('anna'), field: 'doIt', input, now: NOW, ...rest };
};

/** Does something and refers to it; refuses for the wish "refused". */
const deed = (one: Call) =>
  once(pool, one, async (db) => {
    const { rows } = await db.query('INSERT INTO deed (by) VALUES ($1) RETURNING id', ['x']);
    if ((one.input as { wish?: string }).wish === 'refused')
      return { __typename: 'NoPlace' as const, message: 'There is none.' };
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

test('a repetition is told what came of the first call before it prepares anything', async () => {
  expect(await doneBefore(pool, call())).toBeUndefined();
  await deed(call({ wish: 'refused' }));
  expect(await doneBefore(pool, call({ wish: 'refused' }))).toBeUndefined();
  const first = await deed(call());
  expect(await doneBefore(pool, call())).toEqual(first);
  expect(await doneBefore(pool, call({ wish: 'two beds' }))).toMatchObject({
    __typename: 'IdempotencyKeyReused',
    field: 'doIt',
  });
  expect(await doneBefore(pool, call({ now: hoursLater(KEPT_HOURS) }))).toBeUndefined();
});

test.each([
  ['other input', { wish: 'two beds' }],
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
  const refused = await deed(call({ wish: 'refused' }));
  expect(isRefused(refused)).toBe(true);
  expect(await deeds()).toBe(0);
  expect(isRefused(await deed(call()))).toBe(false);
});

test('what throws undoes everything, and the same call may be tried again', async () => {
  const failing = once(pool, call(), async (db) => {
    await db.query("INSERT INTO deed (by) VALUES ('x')");
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  expect(await deeds()).toBe(0);
  expect(isRefused(await deed(call()))).toBe(false);
});

test('a broken connection is not given back to the pool', async () => {
  const failing = once(pool, call(), async (db) => {
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
  const before = hoursLater(KEPT_HOURS - 0.001);
  expect(await deed(call({ now: before }))).toEqual(first);
  expect(await deed(call({ now: hoursLater(KEPT_HOURS) }))).not.toEqual(first);
});

test('forgets what nobody will repeat, and nothing else', async () => {
  await deed(call({ key: 'old' }));
  await deed(call({ key: 'new', now: hoursLater(1) }));
  await forgetCalls(pool, hoursLater(KEPT_HOURS));
  const { rows } = await pool.query('SELECT key FROM idempotent_call');
  expect(rows).toEqual([{ key: 'new' }]);
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

test('every subgraph keeps its calls in this table', () => {
  const own = readFileSync(projectPath('shared/idempotency/idempotency.sql'), 'utf8');
  for (const subgraph of readdirSync(projectPath('subgraphs'))) {
    const folder = projectPath('subgraphs', subgraph, 'prisma/migrations');
    const migrations = readdirSync(folder).filter((name) => name.endsWith('_idempotency'));
    expect(migrations).toHaveLength(1);
    expect(readFileSync(`${folder}/${migrations[0]}/migration.sql`, 'utf8')).toBe(own);
  }
});
