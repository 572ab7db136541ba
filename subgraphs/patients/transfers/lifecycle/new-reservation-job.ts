import type { PoolClient } from 'pg';
import { addJob, type Job } from '../../../../shared/jobs/index.js';
import type { BedCategory, TransferKind, TriageCategory } from '../../generated/graphql.js';
import type { TransferRow } from './rows.js';
import type { ReservationOperation } from './rules/reservation-operations.js';

/** The call of capacity that a job makes for a transfer; stored with the job, as JSON. */
export interface ReservationInput {
  operation: ReservationOperation;
  /** The destination of the transfer that it belongs to, counted from 1. */
  attempt: number;
  facility: string;
  /** A bed of this category, or a slot of the intake of that one. */
  bedCategory: BedCategory | null;
  intake: TriageCategory | null;
  reservation: string | null;
  item: string | null;
  /** Kind of the transfer, which decides about the visibility of the reservation. */
  transferKind: TransferKind;
  /** AGS of the Kreis that the transfer starts from. */
  fromArea: string;
}

/** Something that must be done in capacity for a transfer, which is its subject. */
export type TransferJob = Job<ReservationInput>;

/** The kind of jobs that reserve, confirm, redeem or release the slot of a transfer. */
export const RESERVATION_JOB = 'transfer.update-reservation';

/** The call to be made, the person on whose behalf, and the time. */
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
