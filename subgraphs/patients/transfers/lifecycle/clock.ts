import type { Pool } from 'pg';
import { inTransaction } from '../../../../shared/database/index.js';
import type { Database } from '../../database/database.js';
import type { JobRunner } from '../../../../shared/jobs/index.js';
import type { Side } from './rules.js';
import { lockTransfersUnchecked } from './store-locks.js';
import { escalateOverdue, lapsingTransfers, publishTransfers } from './store-changes.js';
import { advance, CLOCK } from './transition.js';
import type { TransferJob } from './new-reservation-job.js';

const THE_CLOCK: ReadonlySet<Side> = new Set(['CLOCK']);
const RAN_OUT = 'The reservation of the slot ended before the patient was on board.';

/** Changes transfers whose time is over. May run in several processes: each skips the rows that another has locked. */
export class TransferClock {
  readonly #db: Pool;
  readonly #jobs: JobRunner;
  readonly #now: Date;

  constructor({ pool }: Database, jobs: JobRunner, now: Date) {
    this.#db = pool;
    this.#jobs = jobs;
    this.#now = now;
  }

  /** Reports, once, every request without a decision in time. The origin stays responsible. */
  async escalate(): Promise<void> {
    await inTransaction(this.#db, async (db) => {
      const overdue = await escalateOverdue(db, this.#now);
      if (overdue.length > 0) await publishTransfers(db, overdue, 'ESCALATED', this.#now);
    });
  }

  /** Requests facilities again whose reserved slot has lapsed. */
  async lapse(): Promise<void> {
    const jobs = await inTransaction(this.#db, async (db) => {
      const transfers = await lockTransfersUnchecked(db, await lapsingTransfers(db, this.#now));
      const left: TransferJob[] = [];
      for (const transfer of transfers.values()) {
        const how = { act: 'LAPSE' as const, by: CLOCK, at: this.#now, reason: RAN_OUT };
        const outcome = await advance(db, transfer, THE_CLOCK, how);
        if ('jobs' in outcome) left.push(...outcome.jobs);
      }
      return left;
    });
    await this.#jobs.runAll(jobs);
  }
}
