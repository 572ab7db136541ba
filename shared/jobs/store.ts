import type { Pool, PoolClient } from 'pg';
import type { Job } from './job.js';
import * as statements from './statements.js';

/**
 * How long nobody else runs a job that a process holds; it renews the lease while it works. A process that ends without a
 * word delays its jobs by as much.
 */
const LEASE_MS = 6_000;

/** Work to be added; `at` is also when the job was created. */
export interface NewJob<Input> {
  kind: string;
  subject: string;
  input: Input;
  actor: string;
  at: Date;
}

/**
 * Adds a job in the transaction of what it follows from. Its lease is the caller's, who runs it as soon as the transaction is
 * committed; when that does not happen, another process does.
 */
export async function addJob<Input>(
  db: PoolClient,
  { kind, subject, input, actor, at }: NewJob<Input>,
): Promise<Job<Input>> {
  const { rows } = await db.query<Job<Input>>({
    ...statements.ADD_JOB,
    values: [kind, subject, JSON.stringify(input), actor, at, leaseFrom(at)],
  });
  return rows[0]!;
}

/** Ids of the jobs of a subject that are not done, the oldest first. */
export async function openJobs(
  db: Pool | PoolClient,
  subject: string,
  kinds: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    ...statements.OPEN_JOBS,
    values: [subject, kinds],
  });
  return rows.map(({ id }) => id);
}

/** Leases up to `count` due jobs. */
export async function leaseDueJobs(
  db: Pool,
  kinds: readonly string[],
  count: number,
  now: Date,
): Promise<Job[]> {
  const { rows } = await db.query<Job>({
    ...statements.LEASE_DUE_JOBS,
    values: [now, leaseFrom(now), kinds, count],
  });
  return rows;
}

/** Leases one job, due or not; undefined when it is done or another process has it. */
export async function leaseJob(db: Pool, id: string, now: Date): Promise<Job | undefined> {
  const values = [id, now, leaseFrom(now)];
  return (await db.query<Job>({ ...statements.LEASE_JOB, values })).rows[0];
}

export async function renewLeases(db: Pool, jobs: readonly Job[], now: Date): Promise<void> {
  const values = [jobs.map(({ id }) => id), jobs.map(({ attempt }) => attempt), leaseFrom(now)];
  await db.query({ ...statements.RENEW_LEASES, values });
}

/** Ends the leases of jobs, and says for each when the next attempt is due. */
export async function postponeJobs(
  db: Pool,
  jobs: readonly { job: Job; until: Date }[],
): Promise<void> {
  const values = [
    jobs.map(({ job }) => job.id),
    jobs.map(({ job }) => job.attempt),
    jobs.map(({ until }) => until),
  ];
  await db.query({ ...statements.POSTPONE_JOBS, values });
}

/** Returns the outcome of a job; undefined while it is not done. */
export async function outcomeOfJob(db: Pool, id: string): Promise<object | undefined> {
  return outcomeIn(await db.query<OutcomeRow>({ ...statements.JOB_OUTCOME, values: [id] }), id);
}

/** Locks a job until the transaction ends and returns its outcome; undefined while it is not done. */
export async function lockOutcome(db: PoolClient, id: string): Promise<object | undefined> {
  const found = await db.query<OutcomeRow>({ ...statements.JOB_OUTCOME_LOCKED, values: [id] });
  return outcomeIn(found, id);
}

export async function finishJob(
  db: PoolClient,
  id: string,
  outcome: object,
  now: Date,
): Promise<void> {
  await db.query({ ...statements.FINISH_JOB, values: [id, now, JSON.stringify(outcome)] });
}

export interface OpenJobCount {
  kind: string;
  open: number;
  /** Null where none is open. */
  oldestAt: Date | null;
}

/** Returns how many jobs of each kind are not done, those of all processes together. */
export async function countOpenJobs(db: Pool, kinds: readonly string[]): Promise<OpenJobCount[]> {
  const { rows } = await db.query<OpenJobCount>({ ...statements.COUNT_OPEN_JOBS, values: [kinds] });
  return rows;
}

interface OutcomeRow {
  outcome: object | null;
}

function outcomeIn({ rows }: { rows: OutcomeRow[] }, id: string): object | undefined {
  if (!rows[0]) throw new Error(`Job ${id} does not exist.`);
  return rows[0].outcome ?? undefined;
}

function leaseFrom(now: Date): Date {
  return new Date(now.getTime() + LEASE_MS);
}
