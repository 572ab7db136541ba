import type { PoolClient } from 'pg';
import type { Job } from '../../../../shared/jobs/index.js';
import type { PatientVisibility } from '../../access/index.js';
import type { ActiveTransfers, LockedTransfer } from '../../registry/index.js';
import type { TransferJobs } from '../jobs/index.js';
import { type TransferRow, activeTransferOf, lockUnchecked, advance } from '../lifecycle/index.js';
import { ENDED, isActRefusal, type Side } from '../lifecycle/rules.js';

const CARE: ReadonlySet<Side> = new Set(['CARE']);
/** The number of attempts to record a death. Each one fails only when another transfer has begun meanwhile. */
const MOST_TRIES = 5;

/** A transfer began after it was looked for and before the patient was locked. */
class Overtaken extends Error {}

/** Ends the transfers of patients who died, for callers who see the patients. */
export class TransferEndings implements ActiveTransfers {
  readonly #jobs: TransferJobs;
  readonly #visibility: PatientVisibility;

  constructor(jobs: TransferJobs, visibility: PatientVisibility) {
    this.#jobs = jobs;
    this.#visibility = visibility;
  }

  async untilNotOvertaken<Result>(transaction: () => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await transaction();
      } catch (error) {
        if (!(error instanceof Overtaken) || tries === MOST_TRIES) throw error;
      }
    }
  }

  /** Locks the active transfer of a patient; one that ended before the lock was acquired does not count. */
  async lock(db: PoolClient, patient: string): Promise<EndingTransfer> {
    const find = () => activeTransferOf(db, this.#visibility, patient);
    const id = await find();
    const transfer = id === undefined ? undefined : await lockUnchecked(db, id);
    const isActive = transfer !== undefined && !ENDED.includes(transfer.status);
    return new EndingTransfer(db, find, isActive ? transfer : undefined);
  }

  runAll(jobs: readonly Job[]): Promise<void> {
    return this.#jobs.runAll(jobs);
  }
}

/** The transfer of a patient who died, locked; undefined where there is none. */
export class EndingTransfer implements LockedTransfer {
  readonly transfer: TransferRow | undefined;
  readonly #db: PoolClient;
  /** Finds the id of the patient's active transfer as it is now. */
  readonly #find: () => Promise<string | undefined>;

  constructor(
    db: PoolClient,
    find: () => Promise<string | undefined>,
    transfer: TransferRow | undefined,
  ) {
    this.transfer = transfer;
    this.#db = db;
    this.#find = find;
  }

  /**
   * Throws when another transfer began before the patient was locked; under the patient's lock none can begin. It
   * cannot be locked now, because its holder may wait for the patient, so the transaction is rolled back and run again.
   */
  async checkNotOvertaken(): Promise<void> {
    if ((await this.#find()) !== this.transfer?.id) throw new Overtaken();
  }

  async endByDeath(by: string, at: Date): Promise<Job[]> {
    if (!this.transfer) return [];
    const ended = await advance(this.#db, this.transfer, CARE, { act: 'DIE', by, at });
    if (isActRefusal(ended)) throw new Error(ended.reason);
    return ended.jobs;
  }
}
