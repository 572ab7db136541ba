import type { PoolClient } from 'pg';
import { addJob } from '../../../../shared/jobs/store.js';
import type { TransferRow } from '../lifecycle/row.js';
import type { ReservationInput, TransferJob } from './rules.js';

/** The kind under which jobs of transfers are stored; SQL statements name it too. */
export const RESERVATION_JOB = 'transfer.reservation';

/** What is to be done for a transfer, on whose behalf, and since when. */
type NewTransferJob = Omit<ReservationInput, 'transferKind' | 'fromArea'> & {
  actor: string;
  at: Date;
};

/** Adds a job in the transaction of the step that needs it. It is run when the transaction is committed. */
export function addTransferJob(
  db: PoolClient,
  { id: subject, kind: transferKind, fromArea }: TransferRow,
  { actor, at, ...what }: NewTransferJob,
): Promise<TransferJob> {
  const input = { ...what, transferKind, fromArea };
  return addJob(db, { kind: RESERVATION_JOB, subject, input, actor, at });
}
