import type pg from 'pg';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { openPool } from './pool.js';
import { runAlone } from './run-alone.js';

let database: TestDatabase;
let pools: pg.Pool[];
beforeAll(async () => {
  database = await createDatabase();
  pools = [openPool(database.url), openPool(database.url)];
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

test('of two processes that begin the same work at once, one does it', async () => {
  const [one, other] = pools as [pg.Pool, pg.Pool];
  const done: string[] = [];
  const isDone = await runAlone(one, 'reading', async () => {
    expect(await runAlone(other, 'reading', async () => void done.push('the same'))).toBe(false);
    expect(await runAlone(other, 'writing', async () => void done.push('another'))).toBe(true);
  });
  expect([isDone, done]).toEqual([true, ['another']]);
  expect(await runAlone(other, 'reading', async () => void done.push('the same'))).toBe(true);
});

test('work that fails lets the next one begin', async () => {
  const failing = runAlone(pools[0]!, 'failing', () => Promise.reject(new Error('no power')));
  await expect(failing).rejects.toThrow('no power');
  expect(await runAlone(pools[1]!, 'failing', async () => undefined)).toBe(true);
});

test('a broken connection lets the next one begin, and says so before the first stores', async () => {
  const [one, other] = pools as [pg.Pool, pg.Pool];
  await runAlone(one, 'breaking', async (stillAlone) => {
    await stillAlone();
    await other.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    await expect(stillAlone()).rejects.toThrow();
    expect(await runAlone(other, 'breaking', async () => undefined)).toBe(true);
  });
});
