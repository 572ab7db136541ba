import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { JobRunner } from '../../../../shared/jobs/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import {
  type SubgraphClient,
  SubgraphUnavailable,
} from '../../../../shared/subgraph-client/index.js';
import { findReservedSlot, type ReservedSlot } from './capacity-calls.js';
import { SlotCheck } from './slot-check.js';
import { ReservationJobKind } from './reservation-job.js';

/** How many due jobs of transfers one process runs at once. */
const CONCURRENCY = 20;

/** The dependencies of the jobs. */
export interface JobDependencies {
  database: { pool: Pool };
  capacity: SubgraphClient;
  now: () => Date;
  log: Logger;
}

/**
 * Runs the calls of capacity for transfers. A step adds its job in its own transaction, see shared/jobs: a process may
 * be killed anywhere, and no slot is reserved twice or without a patient.
 */
export class TransferJobs extends JobRunner {
  readonly #capacity: SubgraphClient;
  readonly #slots: SlotCheck;

  constructor({ database: { pool }, capacity, now, log }: JobDependencies) {
    super({
      pool,
      now,
      log,
      concurrency: CONCURRENCY,
      kinds: [new ReservationJobKind(capacity, now)],
      isUnavailable: (error) => error instanceof SubgraphUnavailable,
    });
    this.#capacity = capacity;
    this.#slots = new SlotCheck(pool, capacity);
  }

  /** Claims slots again that transfers rely on and capacity no longer reserves; each run checks some. */
  async checkSlots(now: Date): Promise<void> {
    await this.runAll(await this.#slots.run(now));
  }

  /** Finds a reserved slot in capacity; undefined when there is none. Throws SubgraphUnavailable. */
  async reservedSlot(named: { id: string; item: string }): Promise<ReservedSlot | undefined> {
    return isUuid(named.id) && isUuid(named.item)
      ? findReservedSlot(this.#capacity, named)
      : undefined;
  }
}
