import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { inTransaction } from '../database/index.js';
import { recordFault } from '../errors/index.js';
import { backoffSeconds } from './backoff.js';
import type { Job, JobKind, JobOutcome } from './job.js';
import { HeldLeases } from './leases.js';
import {
  finishJob,
  leaseDueJobs,
  leaseJob,
  lockOutcome,
  openJobs,
  outcomeOfJob,
  postponeJobs,
} from './store.js';

/** How long a request waits for a job that another process runs: a little longer than a lease that nobody renews. */
const WAIT_MS = 7_000;
const SHORTEST_POLL_MS = 20;
const LONGEST_POLL_MS = 250;

type AnyKind = JobKind<unknown, unknown, object, unknown>;

export interface JobRunnerOptions {
  pool: Pool;
  kinds: readonly AnyKind[];
  /** How many due jobs this process runs at once. Those of requests are as many as there are requests. */
  concurrency: number;
  now: () => Date;
  /** Whether an error says that the other service is unavailable: that is expected, and the job is retried. */
  isUnavailable(error: unknown): boolean;
  log: Logger;
}

/**
 * Runs jobs of some kinds: right after the transaction that added them, within the request, and again when that failed or the
 * process ended. Each attempt calls the other service under the same key, then records the outcome in one transaction; the
 * first attempt that is recorded counts.
 */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #kinds: ReadonlyMap<string, AnyKind>;
  /** Attempts of this process, by the id of the job: requests that need the same one share it. */
  readonly #running = new Map<string, Promise<object | undefined>>();
  readonly #leases: HeldLeases;
  #isStopped = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#leases = new HeldLeases(options.pool, options.now);
    this.#kinds = new Map(
      options.kinds.flatMap((kind) => namesOfKind(kind).map((name) => [name, kind] as const)),
    );
  }

  /** Names of the kinds of jobs that it runs. */
  get kindNames(): string[] {
    return [...this.#kinds.keys()];
  }

  /**
   * Runs a job that was just added, and what follows from it. Returns its outcome, or undefined when the other service is
   * unavailable: then it is retried without anybody waiting.
   */
  async run(job: Job): Promise<object | undefined> {
    // A transaction that waited long for its locks may have outlived the lease.
    if (job.leasedUntil <= this.#options.now()) return this.outcomeOf(job.id);
    return this.#untilUnavailable(() => this.#start(job));
  }

  /** Runs jobs that were just added, one after the other; those behind an unavailable service are retried later. */
  async runAll(jobs: readonly Job[]): Promise<void> {
    for (const [index, job] of jobs.entries()) {
      if ((await this.run(job)) !== undefined) continue;
      return this.#postpone(jobs.slice(index + 1));
    }
  }

  /**
   * The outcome of a job that somebody added: runs it, or waits while another process does. Undefined when it is not known in
   * time.
   */
  async outcomeOf(id: string): Promise<object | undefined> {
    const { pool, now } = this.#options;
    const deadline = performance.now() + WAIT_MS;
    for (let pause = SHORTEST_POLL_MS; ; pause = Math.min(2 * pause, LONGEST_POLL_MS)) {
      const running = this.#running.get(id);
      if (running) return this.#untilUnavailable(() => running);
      const outcome = await outcomeOfJob(pool, id);
      if (outcome) return outcome;
      const job = await leaseJob(pool, id, now());
      if (job) return this.#untilUnavailable(() => this.#start(job));
      if (performance.now() > deadline) return undefined;
      await delay(pause);
    }
  }

  /** The outcomes of jobs that somebody added, up to the first that is not known in time. */
  async outcomesOf(ids: readonly string[]): Promise<object[]> {
    const outcomes: object[] = [];
    for (const id of ids) {
      const outcome = await this.outcomeOf(id);
      if (!outcome) break;
      outcomes.push(outcome);
    }
    return outcomes;
  }

  /** Runs what is not done yet of a subject, due or not, in order; ends when the other service is unavailable. */
  async runOpen(subject: string): Promise<void> {
    await this.outcomesOf(await openJobs(this.#options.pool, subject, this.kindNames));
  }

  /** Runs all jobs that are due, of every process. One that fails holds up no other; each failure is logged once. */
  async runDue(): Promise<void> {
    const { pool, concurrency, now } = this.#options;
    while (!this.#isStopped) {
      const jobs = await leaseDueJobs(pool, this.kindNames, concurrency, now());
      const outcomes = await Promise.all(jobs.map((job) => this.#runLogged(job)));
      const isUnavailable = outcomes.every((outcome) => outcome === undefined);
      if (jobs.length < concurrency || isUnavailable) return;
    }
  }

  /** Takes up no further due job, and waits for those that run. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled(this.#running.values());
  }

  async #runLogged(job: Job): Promise<object | undefined> {
    try {
      return await this.#untilUnavailable(() => this.#start(job));
    } catch (err) {
      const { id, kind, attempt } = job;
      recordFault(this.#options.log, 'a job failed', { err, job: id, kind, attempt }, 'warn');
      return {};
    }
  }

  async #untilUnavailable(act: () => Promise<object | undefined>): Promise<object | undefined> {
    try {
      return await act();
    } catch (error) {
      if (!this.#options.isUnavailable(error)) throw error;
      return undefined;
    }
  }

  #start(job: Job): Promise<object | undefined> {
    const running = this.#attempt(job).finally(() => this.#running.delete(job.id));
    this.#running.set(job.id, running);
    return running;
  }

  async #attempt(job: Job): Promise<object | undefined> {
    const recorded = await this.#callAndRecord(job);
    const { outcome, next = [], continuedBy } = recorded;
    const others = next.filter((follower) => follower !== continuedBy);
    const continued = continuedBy && (await this.run(continuedBy));
    await this.runAll(others);
    return continuedBy ? continued : outcome;
  }

  async #callAndRecord(job: Job): Promise<JobOutcome<object>> {
    const kind = this.#kindOf(job);
    this.#leases.hold(job);
    try {
      return await this.#record(kind, job, await kind.call(job));
    } catch (error) {
      await this.#postpone([job]);
      throw error;
    } finally {
      this.#leases.release(job);
    }
  }

  async #record(kind: AnyKind, job: Job, result: unknown): Promise<JobOutcome<object>> {
    const { pool, now } = this.#options;
    const record = () =>
      inTransaction(pool, async (db): Promise<JobOutcome<object>> => {
        const locked = await kind.lock(db, job);
        const outcome = await lockOutcome(db, job.id);
        if (outcome) {
          const next = await kind.recordLate?.(db, job, result, { locked, outcome });
          return { outcome, next: next ?? [] };
        }
        const recorded = await kind.record(db, job, result, locked);
        await finishJob(db, job.id, recorded.outcome, now());
        return recorded;
      });
    try {
      return await record();
    } catch (error) {
      if (!kind.isConflict?.(error)) throw error;
      return record();
    }
  }

  /** When even this fails, the leases run out by themselves. */
  async #postpone(jobs: readonly Job[]): Promise<void> {
    if (jobs.length === 0) return;
    const { pool, now } = this.#options;
    const postponed = jobs.map((job) => {
      const pause = backoffSeconds(job.attempt, Math.random()) * 1_000;
      return { job, until: new Date(now().getTime() + pause) };
    });
    await postponeJobs(pool, postponed).catch(() => undefined);
  }

  #kindOf({ id, kind }: Job): AnyKind {
    const known = this.#kinds.get(kind);
    if (!known)
      throw new Error(`Job ${id} is of the kind ${kind}, which this runner does not know.`);
    return known;
  }
}

function namesOfKind({ name, formerName }: AnyKind): string[] {
  return formerName === undefined ? [name] : [name, formerName];
}
