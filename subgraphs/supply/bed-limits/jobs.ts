import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { recordFault } from '../../../shared/errors/index.js';
import { type Job, JobRunner } from '../../../shared/jobs/index.js';
import { SubgraphUnavailable } from '../../../shared/subgraph-client/index.js';

/** How many due jobs one process runs at once. */
const CONCURRENCY = 16;

interface CapacityJobDependencies {
  database: { pool: Pool };
  /** All kinds of jobs that capacity does for supply. */
  kinds: ConstructorParameters<typeof JobRunner>[0]['kinds'];
  now: () => Date;
  log: Logger;
}

/** Runs the jobs that capacity does: at once after the change that they follow from, and again until capacity has responded. */
export class CapacityJobs extends JobRunner {
  readonly #log: Logger;
  readonly #started = new Set<Promise<void>>();

  constructor({ database: { pool }, kinds, now, log }: CapacityJobDependencies) {
    super({
      pool,
      kinds,
      now,
      log,
      concurrency: CONCURRENCY,
      isUnavailable: (error) => error instanceof SubgraphUnavailable,
    });
    this.#log = log;
  }

  /** Starts jobs that were just added. Nobody waits: a report is stored whether capacity is available or not. */
  start(jobs: readonly Job[]): void {
    for (const job of jobs) this.#start(this.run(job), job.subject);
  }

  /** Takes up no further job, and waits for those that were started. */
  override async stop(): Promise<void> {
    await super.stop();
    await Promise.allSettled(this.#started);
  }

  #start(running: Promise<unknown>, facility: string): void {
    const started = running
      .then(
        () => undefined,
        (err: unknown) => {
          recordFault(this.#log, 'a job of capacity failed', { err, facility }, 'warn');
        },
      )
      .finally(() => this.#started.delete(started));
    this.#started.add(started);
  }
}
