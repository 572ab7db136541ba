import type { PoolClient } from 'pg';
import type { Job } from '../../../../shared/jobs/index.js';

/**
 * The transfers that a death ends. `transfers` implements it: it lies above the registry, and a triage that finds a patient
 * dead ends the transfer in its own transaction.
 */
export interface ActiveTransfers {
  /** Runs a whole transaction, and runs it again as long as a transfer began between its locks. */
  untilNotOvertaken<Result>(transaction: () => Promise<Result>): Promise<Result>;
  /** Locks the transfer of a patient that has not ended, if there is one: before the patient is locked, as everywhere. */
  lock(db: PoolClient, patient: string): Promise<LockedTransfer>;
  /** Runs jobs whose transaction is committed. */
  runAll(jobs: readonly Job[]): Promise<void>;
}

/** The transfer of a patient, locked until the transaction ends; also one that is not there. */
export interface LockedTransfer {
  /** Under the patient's lock: throws where another transfer began before it, so that the transaction is run again. */
  checkNotOvertaken(): Promise<void>;
  /** Ends the transfer, if there is one, and returns the jobs to run after the commit. */
  endByDeath(by: string, at: Date): Promise<Job[]>;
}
