import type { Pool } from 'pg';
import { inTransaction } from '../../../shared/database/index.js';
import { type CapacityJobs, facilitiesToRenew } from '../bed-limits/index.js';
import type { Database } from '../database/database.js';
import type { FaultRow } from './rows.js';
import { ESCALATE } from './statements.js';
import { recordStep } from './store-changes.js';
import { declareFaults, lockFacilities } from './store-limits.js';

/** How many facilities the clock looks at in one transaction. */
const AT_ONCE = 200;
/** The actor of a step that the hub itself takes. */
const CLOCK = 'clock';

/** Does what time alone brings about in faults of devices. */
export class DeviceClock {
  readonly #db: Pool;
  readonly #jobs: CapacityJobs;
  readonly #now: Date;

  constructor({ pool }: Database, jobs: CapacityJobs, now: Date) {
    this.#db = pool;
    this.#jobs = jobs;
    this.#now = now;
  }

  /** Escalates, once, every case that nobody has acknowledged in time, and declares again to capacity what would run out. */
  async run(): Promise<void> {
    await this.#escalate();
    await this.#renew();
  }

  async #escalate(): Promise<void> {
    await inTransaction(this.#db, async (db) => {
      const { rows } = await db.query<FaultRow>({ ...ESCALATE, values: [this.#now] });
      const step = { act: 'ESCALATE', by: CLOCK, byPartner: false } as const;
      for (const fault of rows) await recordStep(db, fault, step, this.#now);
    });
  }

  async #renew(): Promise<void> {
    let facilities: string[];
    do {
      facilities = await facilitiesToRenew(this.#db, ['DEVICE'], this.#now, AT_ONCE);
      if (facilities.length === 0) return;
      const jobs = await inTransaction(this.#db, async (db) =>
        declareFaults(db, await lockFacilities(db, facilities), this.#now),
      );
      this.#jobs.start(jobs);
    } while (facilities.length === AT_ONCE);
  }
}
