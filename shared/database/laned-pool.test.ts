import pg from 'pg';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { Cancellation, CancellationError } from '../cancellation/cancellation.js';
import { LanedPool } from './laned-pool.js';
import { inTransaction } from './transaction.js';
import { asHeavyRead, asWork } from './work.js';

const LONG = 120_000;
const SLEEP = 'SELECT pg_sleep(100)';

let database: TestDatabase;
let pool: LanedPool;
let observer: pg.Pool;

beforeAll(async () => {
  database = await createDatabase();
  observer = new pg.Pool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await observer.end();
  await database.drop();
});
beforeEach(() => {
  pool = new LanedPool(
    { connectionString: database.url },
    {
      read: { connections: 2, statementTimeoutMs: LONG },
      heavyRead: { connections: 1, statementTimeoutMs: LONG, waitMs: 300 },
      change: { connections: 1, statementTimeoutMs: LONG },
      timer: { connections: 1, statementTimeoutMs: 100 },
      import: { connections: 1, statementTimeoutMs: LONG },
    },
  );
});
afterEach(() => pool.end());

/** How many statements of the test sleep at the server. */
async function sleeping(): Promise<number> {
  const { rows } = await observer.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'active' AND query = $1`,
    [SLEEP],
  );
  return rows[0]!.count;
}

async function untilSleeping(count: number): Promise<void> {
  while ((await sleeping()) !== count);
}

function cancellable(sql = SLEEP) {
  const cancellation = new Cancellation();
  const result = asWork({ kind: 'read', cancellation }, () => pool.query(sql));
  return { cancellation, result };
}

test('a statement that takes longer than its kind of work may is stopped', async () => {
  const statement = asWork({ kind: 'timer' }, () => pool.query(SLEEP));
  await expect(statement).rejects.toMatchObject({ code: '57014' });
  expect(await sleeping()).toBe(0);
});

test('reads and changes do not wait for heavy reads that use up their connections', async () => {
  const cancellation = new Cancellation();
  const heavy = asWork({ kind: 'heavyRead', cancellation }, () => pool.query(SLEEP));
  await untilSleeping(1);
  await expect(pool.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 });
  const change = asWork({ kind: 'change' }, () =>
    inTransaction(pool, (db) => db.query('SELECT 1')),
  );
  await expect(change).resolves.toMatchObject({ rowCount: 1 });
  cancellation.cancel();
  await expect(heavy).rejects.toMatchObject({ code: '57014' });
});

test('a heavy read that gets no connection in time is refused with TOO_MUCH', async () => {
  const cancellation = new Cancellation();
  const heavy = asWork({ kind: 'heavyRead', cancellation }, () => pool.query(SLEEP));
  await untilSleeping(1);
  await expect(asHeavyRead(() => pool.query('SELECT 1'))).rejects.toMatchObject({
    extensions: { code: 'TOO_MUCH' },
    message: expect.stringContaining('waited 0.3 s'),
  });
  cancellation.cancel();
  await expect(heavy).rejects.toMatchObject({ code: '57014' });
  // Statements that were given up in the queue have left nothing behind.
  await expect(asHeavyRead(() => pool.query('SELECT 1'))).resolves.toMatchObject({ rowCount: 1 });
});

test('a read for which nobody waits any more is stopped at the server', async () => {
  const { cancellation, result } = cancellable();
  await untilSleeping(1);
  cancellation.cancel();
  await expect(result).rejects.toMatchObject({ code: '57014' });
  await untilSleeping(0);
});

test('a read that is cancelled before it has a connection is never sent', async () => {
  const [first, second] = [cancellable(), cancellable()];
  await untilSleeping(2);
  const third = cancellable();
  third.cancellation.cancel();
  await expect(third.result).rejects.toThrow(CancellationError);
  const { cancellation } = third;
  const later = asWork({ kind: 'read', cancellation }, () => pool.query('SELECT 1'));
  await expect(later).rejects.toThrow(CancellationError);
  for (const { cancellation: running, result } of [first, second]) {
    running.cancel();
    await expect(result).rejects.toMatchObject({ code: '57014' });
  }
});

test('a cancellation meets no later statement', async () => {
  for (let n = 0; n < 50; n++) {
    const { cancellation, result } = cancellable('SELECT 1');
    setImmediate(() => cancellation.cancel());
    await result.catch(() => undefined);
    await expect(pool.query('SELECT pg_sleep(0.001)')).resolves.toMatchObject({ rowCount: 1 });
  }
});

test('a transaction in a read is stopped and its connection given back', async () => {
  const cancellation = new Cancellation();
  const work = asWork({ kind: 'read', cancellation }, () =>
    inTransaction(pool, (db) => db.query(SLEEP)),
  );
  await untilSleeping(1);
  cancellation.cancel();
  await expect(work).rejects.toMatchObject({ code: '57014' });
  await expect(Promise.all([1, 2].map(() => pool.query('SELECT 1')))).resolves.toHaveLength(2);
});

test('heavy reads within a change stay part of it', async () => {
  const kinds = await asWork({ kind: 'change' }, () =>
    asHeavyRead(
      async () => (await pool.query<{ statement_timeout: string }>('SHOW statement_timeout')).rows,
    ),
  );
  expect(kinds).toEqual([{ statement_timeout: '2min' }]);
});
