import type { PoolClient } from 'pg';
import type { Job } from '../../../../shared/jobs/index.js';

/**
 * The transfers that a death ends. A triage that finds a patient dead ends the transfer in its own transaction; `transfers`,
 * which lies above the registry, implements the interface.
 */
export interface ActiveTransfers {
  /** Runs a transaction, and repeats it while another transfer of the patient was created between its locks. */
  untilNotOvertaken<Result>(transaction: () => Promise<Result>): Promise<Result>;
  /** Locks the active transfer of a patient, if there is one. Transfers are locked before patients everywhere. */
  lock(db: PoolClient, patient: string): Promise<LockedTransfer>;
  /** Runs jobs after the commit of their transaction. */
  runAll(jobs: readonly Job[]): Promise<void>;
}

/** The locked active transfer of a patient, or the fact that there is none. */
export interface LockedTransfer {
  /** Call it under the patient's lock: throws if another transfer was created before the lock, so that the transaction repeats. */
  checkNotOvertaken(): Promise<void>;
  /** Ends the transfer, if there is one, and returns the jobs to run after the commit. */
  endByDeath(by: string, at: Date): Promise<Job[]>;
}
