import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { JobRunner } from '../../../../shared/jobs/index.js';
import {
  type SubgraphClient,
  SubgraphUnavailable,
} from '../../../../shared/subgraph-client/index.js';
import { purgeDiscardedPlans } from '../plans/index.js';
import { ConfirmationJobKind } from './confirmation-job.js';
import { ReturnJobKind } from './return-job.js';

/** Due plans that one process confirms at a time: each may have thousands of patients. */
const CONCURRENCY = 1;

/** Runs the jobs of plans in capacity, and purges plans that were discarded long ago. */
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
    capacity: SubgraphClient;
    now: () => Date;
    log: Logger;
  }) {
    super({
      pool,
      now,
      log,
      concurrency: CONCURRENCY,
      kinds: [new ConfirmationJobKind(pool, capacity, now), new ReturnJobKind(capacity)],
      isUnavailable: (error) => error instanceof SubgraphUnavailable,
    });
    this.#db = pool;
    this.#now = now;
  }

  /** Deletes the entries of plans that were discarded long ago. */
  purgeDiscarded(): Promise<void> {
    return purgeDiscardedPlans(this.#db, this.#now());
  }
}
