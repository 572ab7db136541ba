import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { JobRunner } from '../../../../shared/jobs/index.js';
import { CapacityUnavailable, type CapacityClient } from '../../capacity-client/index.js';
import { ConfirmationJobKind } from './finishing.js';
import { ReturnJobKind } from './returns.js';
import { PURGE_DISCARDED } from './statements.js';

/** How many plans one process confirms at once when they are due: each may have thousands of patients. */
const CONCURRENCY = 1;
/** As long as changes are kept for watchers: whoever comes back in time reads what is published of them. */
const DISCARDED_KEPT_DAYS = 7;
/** How many discarded plans are purged in one statement. */
const PURGED_AT_ONCE = 5;

/** Runs what is to be done in capacity for plans, and deletes what nobody needs of discarded ones. */
export class AllocationJobs extends JobRunner {
  readonly #db: Pool;
  readonly #now: () => Date;

  constructor({
    database: { pool },
    capacity,
    now,
    log,
  }: {
    database: { pool: Pool };
    capacity: CapacityClient;
    now: () => Date;
    log: Logger;
  }) {
    super({
      ...{ pool, now, log, concurrency: CONCURRENCY },
      kinds: [new ConfirmationJobKind(pool, capacity, now), new ReturnJobKind(capacity)],
      isUnavailable: (error) => error instanceof CapacityUnavailable,
    });
    this.#db = pool;
    this.#now = now;
  }

  /** Deletes who was to go where in plans that were discarded long ago, and of which no job is open. */
  async purgeDiscarded(): Promise<void> {
    const now = this.#now();
    const before = new Date(now.getTime() - DISCARDED_KEPT_DAYS * 86_400_000);
    await this.#db.query({ ...PURGE_DISCARDED, values: [now, before, PURGED_AT_ONCE] });
  }
}
