import type { Pool } from 'pg';
import { inTransaction } from '../../../shared/database/index.js';
import { type CapacityJobs, facilitiesToRenew } from '../bed-limits/index.js';
import type { Database } from '../database/database.js';
import { renewed } from './rules/levels.js';
import { CAUSE_NAMES } from './rules/limits.js';
import { withFailure } from './rules/reports.js';
import { changeLifelines, type LockedFacility } from './store-changes.js';
import { DUE_FACILITIES } from './statements.js';

/** How many facilities the clock looks at in one transaction. */
const AT_ONCE = 200;

/** Does what time alone brings about in lifelines. */
export class LifelineClock {
  readonly #db: Pool;
  readonly #jobs: CapacityJobs;
  readonly #now: Date;

  constructor({ pool }: Database, jobs: CapacityJobs, now: Date) {
    this.#db = pool;
    this.#jobs = jobs;
    this.#now = now;
  }

  /**
   * Publishes the thresholds that were passed, ends deliveries that are overdue, renews modelled stocks, and declares again to capacity
   * what would run out.
   */
  async run(): Promise<void> {
    const now = this.#now;
    const due = async () =>
      (
        await this.#db.query<{ id: string }>({ ...DUE_FACILITIES, values: [now, AT_ONCE] })
      ).rows.map(({ id }) => id);
    await this.#change(due, ({ lifelines }) => {
      for (const [kind, lifeline] of lifelines) {
        if (lifeline.nextCheckAt === null || lifeline.nextCheckAt > now) continue;
        lifelines.set(kind, withFailure(renewed(lifeline, now), now));
      }
    });
    await this.#change(
      () => facilitiesToRenew(this.#db, CAUSE_NAMES, now, AT_ONCE),
      () => {},
      { renews: true },
    );
  }

  /** Changes the facilities that are due, part by part. */
  async #change(
    due: () => Promise<string[]>,
    decide: (facility: LockedFacility) => void,
    options: { renews?: boolean } = {},
  ): Promise<void> {
    let facilities: string[];
    do {
      facilities = await due();
      if (facilities.length === 0) return;
      const { jobs } = await inTransaction(this.#db, (db) =>
        changeLifelines(db, facilities, this.#now, decide, options),
      );
      this.#jobs.start(jobs);
    } while (facilities.length === AT_ONCE);
  }
}
