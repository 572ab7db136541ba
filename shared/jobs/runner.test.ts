import { readFileSync } from 'node:fs';
import pg from 'pg';
import { pino } from 'pino';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { inTransaction } from '../database/transaction.js';
import { projectPath } from '../root.js';
import type { Job, JobKind } from './job.js';
import { JobRunner } from './runner.js';
import { addJob, leaseJob, openJobs } from './store.js';

let database: TestDatabase;
let pool: pg.Pool;
const clock = { now: new Date('2026-01-15T09:00:00.000Z') };
const later = (seconds: number) => (clock.now = new Date(clock.now.getTime() + seconds * 1_000));
const logged: { msg: string; err: { message: string }; job: string; attempt: number }[] = [];
const log = pino({ level: 'warn' }, { write: (line) => void logged.push(JSON.parse(line)) });

beforeEach(async () => {
  database = await createDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 20 });
  pool.on('error', () => undefined);
  await pool.query(readFileSync(projectPath('shared/jobs/job.sql'), 'utf8'));
  await pool.query('CREATE TABLE booking (id UUID PRIMARY KEY, status TEXT NOT NULL)');
  logged.length = 0;
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

class Unavailable extends Error {}

/** The other service: the requests that it received, by key, and what else happens when it is called. */
function hotel(happens: (job: Job) => unknown = () => undefined) {
  const calls: string[] = [];
  const rooms = new Set<string>();
  return {
    calls,
    rooms,
    async reserve(job: Job): Promise<string> {
      calls.push(job.id);
      await happens(job);
      rooms.add(job.id);
      return `room of ${job.id}`;
    },
  };
}
type Hotel = Pick<ReturnType<typeof hotel>, 'reserve'>;

type Reserving = JobKind<{ nights: number }, string, { room: string }, void>;

/** Reserves a room for a booking, and confirms the booking. */
const reserving = ({ reserve }: Hotel, more: Partial<Reserving> = {}): Reserving => ({
  name: 'reserve-room',
  call: (job) => reserve(job),
  async lock(db, { subject }) {
    await db.query('SELECT FROM booking WHERE id = $1 FOR UPDATE', [subject]);
  },
  async record(db, { subject }, room) {
    await db.query(`UPDATE booking SET status = 'CONFIRMED' WHERE id = $1`, [subject]);
    return { outcome: { room } };
  },
  ...more,
});
/** The runner of one process. */
const replica = (
  kind: JobKind<any, any, any, any>,
  { concurrency = 20, now = () => clock.now } = {},
) =>
  new JobRunner({
    pool,
    kinds: [kind],
    concurrency,
    now,
    log,
    isUnavailable: (error) => error instanceof Unavailable,
  });

const job = { kind: 'reserve-room', input: { nights: 2 }, actor: 'clerk' };
/** A booking with its job, in one transaction. */
const book = (): Promise<Job> =>
  inTransaction(pool, async (db) => {
    const { rows } = await db.query<{ id: string }>(
      `INSERT INTO booking VALUES (gen_random_uuid(), 'REQUESTED') RETURNING id`,
    );
    return addJob(db, { ...job, subject: rows[0]!.id, at: clock.now });
  });
const books = (count: number) => Promise.all(Array.from({ length: count }, book));
const statuses = async () =>
  (await pool.query('SELECT status, count(*)::int FROM booking GROUP BY status')).rows;
const rowOf = async ({ id }: Job) =>
  (await pool.query('SELECT * FROM job WHERE id = $1', [id])).rows[0];
/** Something to wait for, and to let happen. */
function signal() {
  let give!: () => void;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

test('a job of a transaction that is undone does not exist', async () => {
  const undone = inTransaction(pool, async (db) => {
    await addJob(db, { ...job, subject: crypto.randomUUID(), at: clock.now });
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect((await pool.query('SELECT FROM job')).rowCount).toBe(0);
});

test('a job runs within the request that added it, and its outcome is recorded with what follows from it', async () => {
  const added = await book();
  const outcome = await replica(reserving(hotel())).run(added);
  expect(outcome).toEqual({ room: `room of ${added.id}` });
  expect(await rowOf(added)).toMatchObject({ outcome, done_at: clock.now, attempt: 1 });
  expect(await statuses()).toEqual([{ status: 'CONFIRMED', count: 1 }]);
});

test('a job whose outcome cannot be recorded is open, and nothing of it is recorded', async () => {
  const added = await book();
  const kind = reserving(hotel(), {
    async record(db, { subject }) {
      await db.query(`UPDATE booking SET status = 'CONFIRMED' WHERE id = $1`, [subject]);
      throw new Error('disk full');
    },
  });
  await expect(replica(kind).run(added)).rejects.toThrow('disk full');
  expect(await rowOf(added)).toMatchObject({ outcome: null, done_at: null, leased_until: null });
  expect(await statuses()).toEqual([{ status: 'REQUESTED', count: 1 }]);
});

test('a conflict with a concurrent transaction is recorded again at once, and the service is called once', async () => {
  const added = await book();
  const service = hotel();
  let conflicts = 0;
  const { record } = reserving(service);
  const kind = reserving(service, {
    isConflict: (error) => error instanceof RangeError,
    record: async (...recorded) => {
      if (conflicts++ === 0) throw new RangeError('conflict');
      return record(...recorded);
    },
  });
  expect(await replica(kind).run(added)).toBeDefined();
  expect(service.calls).toEqual([added.id]);
});

test('while the service is unavailable a request gets no outcome, and the job is retried with the same key', async () => {
  let isAvailable = false;
  const service = hotel(() => {
    if (!isAvailable) throw new Unavailable();
  });
  const runner = replica(reserving(service));
  const added = await book();
  expect(await runner.run(added)).toBeUndefined();
  isAvailable = true;
  later(4);
  await runner.runDue();
  expect(service.calls).toEqual([added.id]);
  later(6);
  await runner.runDue();
  expect(service.calls).toEqual([added.id, added.id]);
  expect(await statuses()).toEqual([{ status: 'CONFIRMED', count: 1 }]);
  expect(logged).toEqual([]);
});

test('a request that needs a job which is to be retried later runs it at once', async () => {
  let isAvailable = false;
  const service = hotel(() => {
    if (!isAvailable) throw new Unavailable();
  });
  const runner = replica(reserving(service));
  const added = await book();
  await runner.run(added);
  isAvailable = true;
  expect(await runner.outcomeOf(added.id)).toEqual({ room: `room of ${added.id}` });
  expect(await runner.outcomeOf(added.id)).toEqual({ room: `room of ${added.id}` });
  expect(service.calls).toHaveLength(2);
});

test('jobs behind an unavailable service are not tried, and are due later', async () => {
  const service = hotel(() => Promise.reject(new Unavailable()));
  const added = await books(3);
  await replica(reserving(service)).runAll(added);
  expect(service.calls).toEqual([added[0]!.id]);
  for (const one of added) {
    const { run_at, leased_until } = await rowOf(one);
    expect(leased_until).toBeNull();
    expect(run_at.getTime()).toBeGreaterThanOrEqual(clock.now.getTime() + 5_000);
    expect(run_at.getTime()).toBeLessThanOrEqual(clock.now.getTime() + 10_000);
  }
});

test('a job that always fails is logged once for each attempt and holds up no other', async () => {
  const [broken, ...sound] = await books(5);
  later(7);
  const service = hotel(({ id }) => {
    if (id === broken!.id) throw new Error('broken');
  });
  const runner = replica(reserving(service), { concurrency: 1 });
  await runner.runDue();
  expect(new Set(service.calls)).toEqual(new Set([broken!.id, ...sound.map(({ id }) => id)]));
  expect(logged).toMatchObject([
    { msg: 'a job failed', job: broken!.id, attempt: 2, err: { message: 'broken' } },
  ]);
  later(21);
  await runner.runDue();
  expect(logged).toHaveLength(2);
  expect(await openJobs(pool, broken!.subject, [broken!.kind])).toEqual([broken!.id]);
});

test('a job that a replica of the release before adds under the former name of its kind runs', async () => {
  const added = await book();
  later(7);
  const kind = reserving(hotel(), { name: 'room.reserve', formerName: 'reserve-room' });
  await replica(kind).runDue();
  expect(await rowOf(added)).toMatchObject({ outcome: { room: `room of ${added.id}` } });
});

test('four replicas run each of 200 due jobs once, and none runs more at once than it may', async () => {
  await books(200);
  later(7);
  const replicas = Array.from({ length: 4 }, () => {
    let running = 0;
    const most = { running: 0 };
    const service = hotel(async () => {
      most.running = Math.max(most.running, ++running);
      await pool.query('SELECT pg_sleep(0.001)');
      running--;
    });
    return { service, most, runner: replica(reserving(service), { concurrency: 7 }) };
  });
  await Promise.all(replicas.map(({ runner }) => runner.runDue()));
  const calls = replicas.flatMap(({ service }) => service.calls);
  expect(calls).toHaveLength(200);
  expect(new Set(calls).size).toBe(200);
  for (const { most } of replicas) expect(most.running).toBeLessThanOrEqual(7);
  expect(await statuses()).toEqual([{ status: 'CONFIRMED', count: 200 }]);
});

test('a request waits for the outcome of a job that another replica runs', async () => {
  const [begun, end] = [signal(), signal()];
  const slow = hotel(async () => {
    begun.give();
    await end.given;
  });
  const added = await book();
  const running = replica(reserving(slow)).run(added);
  await begun.given;
  const other = hotel();
  const waiting = replica(reserving(other)).outcomeOf(added.id);
  end.give();
  expect(await waiting).toEqual(await running);
  expect(other.calls).toEqual([]);
});

test('requests of one process that need the same job share one attempt', async () => {
  const service = hotel();
  const runner = replica(reserving(service));
  const added = await book();
  await Promise.all([runner.run(added), runner.outcomeOf(added.id), runner.outcomeOf(added.id)]);
  expect(service.calls).toEqual([added.id]);
});

test('a job of a process that ended is run by another when its lease is over, and late results are undone', async () => {
  const [begun, end] = [signal(), signal()];
  const slow = hotel(async () => {
    begun.give();
    await end.given;
  });
  const undone: string[] = [];
  const late = reserving(slow, {
    async recordLate(_, __, room, { outcome }) {
      undone.push(`${room}, not ${outcome.room}`);
      return [];
    },
  });
  const added = await book();
  const frozenAt = clock.now;
  const frozen = replica(late, { now: () => frozenAt }).run(added);
  await begun.given;
  const other = hotel();
  const runner = replica(reserving(other));
  await runner.runDue();
  expect(other.calls).toEqual([]);
  later(7);
  await runner.runDue();
  expect(other.calls).toEqual([added.id]);
  end.give();
  expect(await frozen).toEqual({ room: `room of ${added.id}` });
  expect(undone).toEqual([`room of ${added.id}, not room of ${added.id}`]);
  expect(await rowOf(added)).toMatchObject({ attempt: 2 });
});

test('a process that works for long renews its lease', async () => {
  const end = signal();
  const added = await book();
  const running = replica(reserving(hotel(() => end.given))).run(added);
  later(5);
  const isRenewed = async () => (await rowOf(added)).leased_until > added.leasedUntil;
  while (!(await isRenewed()));
  later(2);
  expect(await leaseJob(pool, added.id, clock.now)).toBeUndefined();
  end.give();
  expect(await running).toBeDefined();
});

test('a job that waits for a lock while its outcome is recorded holds up no lease of another', async () => {
  const [locked, long] = (await books(2)) as [Job, Job];
  const [begun, end] = [signal(), signal()];
  const service = hotel(async ({ id }) => {
    if (id === locked.id) return;
    begun.give();
    await end.given;
  });
  // Recording waits behind the row of the job for a booking that somebody else changes.
  const kind = reserving(service, { lock: () => Promise.resolve() });
  const other = await pool.connect();
  await other.query('BEGIN');
  await other.query('SELECT FROM booking WHERE id = $1 FOR UPDATE', [locked.subject]);
  const runner = replica(kind);
  const running = [runner.run(long), runner.run(locked)];
  await begun.given;
  later(1);
  const isRenewed = async () => (await rowOf(long)).leased_until > long.leasedUntil;
  while (!(await isRenewed()));
  expect((await rowOf(locked)).leased_until).toEqual(locked.leasedUntil);
  await other.query('COMMIT');
  other.release();
  end.give();
  expect(await Promise.all(running)).toHaveLength(2);
});

test('a job whose lease was over before it began is leased again first', async () => {
  const service = hotel();
  const added = await book();
  later(7);
  const other = await leaseJob(pool, added.id, clock.now);
  expect(other).toMatchObject({ id: added.id, attempt: 2 });
  const running = replica(reserving(service)).run(added);
  expect(await replica(reserving(service)).run(other!)).toBeDefined();
  expect(await running).toBeDefined();
  expect(service.calls).toEqual([added.id]);
});

test('due jobs of one subject run one after the other, in the order in which they were added', async () => {
  const first = await book();
  const second = await inTransaction(pool, (db) =>
    addJob(db, { ...job, subject: first.subject, at: clock.now }),
  );
  later(7);
  const service = hotel();
  await replica(reserving(service), { concurrency: 1 }).runDue();
  expect(service.calls).toEqual([first.id, second.id]);
});

test('a job that is continued by another has the outcome of that one', async () => {
  const service = hotel();
  const { record } = reserving(service);
  const kind = reserving(service, {
    async record(db, one, room, locked) {
      if (one.input.nights === 1) return record(db, one, room, locked);
      const input = { nights: one.input.nights - 1 };
      const next = await addJob(db, { ...job, subject: one.subject, input, at: clock.now });
      return { outcome: { room: 'none' }, next: [next], continuedBy: next };
    },
  });
  const added = await book();
  const outcome = await replica(kind).run(added);
  expect(await rowOf(added)).toMatchObject({ outcome: { room: 'none' } });
  expect(service.calls).toHaveLength(2);
  expect(outcome).toEqual({ room: `room of ${service.calls[1]}` });
});

test('a runner leaves kinds of other runners alone', async () => {
  await book();
  later(7);
  const service = hotel();
  await replica({ ...reserving(service), name: 'reserve-table' }).runDue();
  expect(service.calls).toEqual([]);
});

test('a runner that stops takes up no further job, and its end waits for those that run', async () => {
  await books(3);
  later(7);
  const [begun, end] = [signal(), signal()];
  const service = hotel(async () => {
    begun.give();
    await end.given;
  });
  const runner = replica(reserving(service), { concurrency: 1 });
  const due = runner.runDue();
  await begun.given;
  const stopped = runner.stop();
  end.give();
  await Promise.all([due, stopped]);
  expect(service.calls).toHaveLength(1);
  expect(await statuses()).toContainEqual({ status: 'CONFIRMED', count: 1 });
});
