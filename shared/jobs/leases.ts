import type { Pool } from 'pg';
import { asWork } from '../database/index.js';
import type { Job } from './job.js';
import { renewLeases } from './store.js';

/** A third of a lease, so that one renewal may fail. */
const RENEW_MS = 2_000;

/** Renews the leases of the jobs that this process runs: all in one statement, however many requests wait for theirs. */
export class HeldLeases {
  readonly #db: Pool;
  readonly #now: () => Date;
  readonly #jobs = new Set<Job>();
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Pool, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  hold(job: Job): void {
    this.#jobs.add(job);
    // Not in the request that begins it: others share the timer, and no renewal takes a connection from a request.
    this.#timer ??= asWork({ kind: 'timer' }, () => setInterval(() => this.#renew(), RENEW_MS));
  }

  release(job: Job): void {
    this.#jobs.delete(job);
    if (this.#jobs.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #renew(): void {
    // A lease that could not be renewed runs out, and another attempt is harmless.
    renewLeases(this.#db, [...this.#jobs], this.#now()).catch(() => undefined);
  }
}
