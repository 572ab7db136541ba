import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { until } from '../../tests/until.js';
import { HeldSession, pauseAfterFailures, whenAvailable } from './reconnect.js';
import { closeSession, endOf, openSession } from './session.js';

test('the pause before an attempt doubles up to a cap, and has a part of chance', () => {
  expect([0, 1, 2, 3, 4, 50].map((failures) => pauseAfterFailures(failures, 1))).toEqual([
    250, 500, 1000, 2000, 2000, 2000,
  ]);
  expect(pauseAfterFailures(50, 0)).toBe(1000);
});

describe('a session that is held', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(() => database.drop());

  test('is opened again when the server ends it, one at a time', async () => {
    let underWay = 0;
    let most = 0;
    const pids: number[] = [];
    const held = new HeldSession({
      open: async () => {
        most = Math.max(most, (underWay += 1));
        const session = await openSession(database.url);
        const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        pids.push(rows[0]!.pid);
        underWay -= 1;
        return session;
      },
    });
    const killer = await openSession(database.url);
    for (let n = 1; n <= 3; n += 1) {
      await until(() => pids.length === n);
      await killer.query('SELECT pg_terminate_backend($1)', [pids.at(-1)]);
    }
    await until(() => pids.length === 4);
    await closeSession((await held.stop())!);
    await closeSession(killer);
    expect(most).toBe(1);
  });

  test('is opened at last, however often that fails, and no more once it is stopped', async () => {
    let attempts = 0;
    const held = new HeldSession({
      open: async () => {
        attempts += 1;
        if (attempts < 3) throw new Error('not yet');
        return openSession(database.url);
      },
    });
    await until(() => attempts === 3);
    const session = (await held.stop())!;
    await closeSession(session);
    await endOf(session);
    expect(attempts).toBe(3);
  });
});

test('work that needs the database is tried again while it is unavailable, and no longer', async () => {
  const unavailable = Object.assign(new Error('the system is starting up'), { code: '57P03' });
  const reported: unknown[] = [];
  let attempts = 0;
  const act = async () => {
    attempts += 1;
    if (attempts < 3) throw unavailable;
    return 'done';
  };
  expect(await whenAvailable(act, (error) => reported.push(error))).toBe('done');
  expect(reported).toEqual([unavailable, unavailable]);

  const wrong = Object.assign(new Error('no such table'), { code: '42P01' });
  await expect(
    whenAvailable(
      () => Promise.reject(wrong),
      () => undefined,
    ),
  ).rejects.toBe(wrong);
});
