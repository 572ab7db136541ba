import type { PoolClient } from 'pg';
import type {
  BedCategory,
  TransferAct,
  TransferKind,
  TransferStatus,
} from '../../generated/graphql.js';
import type { Path } from './rules.js';
import { deadlineOf } from './rules/deadlines.js';
import {
  STORE_CREATED_APPROVALS,
  STORE_CREATED_STEPS,
  STORE_TRANSFERS,
} from './write-statements.js';
import { publishTransfers } from './transition.js';

/** A transfer to be created. The patient is locked, and has no other one that has not ended. */
export interface NewTransfer {
  patient: string;
  /** The destination; null where it is named later. */
  to: { facility: string; area: string } | null;
  /** The slot that is reserved there for the patient. */
  reserved: { reservation: string; item: string } | null;
  reason: string | null;
}

/** Properties that transfers of one creation share. */
export interface Creation {
  kind: TransferKind;
  bedCategory: BedCategory | null;
  /** The statuses that they pass through at once. */
  path: Path;
  /** The act by which a repetition is known; null for transfers of a plan, which has a key of its own. */
  act: TransferAct | null;
  /** Whether their creator approves them for the origin. */
  isApproved: boolean;
  /** The status that is published. */
  published: TransferStatus;
  by: string;
  at: Date;
}

/**
 * Creates transfers with their steps and publishes them, in one statement for each table however many there are. Returns their
 * ids by patient.
 */
export async function createMany(
  db: PoolClient,
  transfers: readonly NewTransfer[],
  { kind, bedCategory, path, act, isApproved, published, by, at }: Creation,
): Promise<Map<string, string>> {
  const status = path.at(-1)!;
  const dueAt = transfers.map(({ to }) =>
    deadlineOf({ kind, status, toFacility: to?.facility ?? null }, at),
  );
  const { rows } = await db.query<{ id: string; patient: string }>({
    ...STORE_TRANSFERS,
    values: [
      ...[kind, bedCategory, status, at, by],
      transfers.map(({ patient }) => patient),
      transfers.map(({ to }) => to?.facility),
      transfers.map(({ to }) => to?.area),
      transfers.map(({ reserved }) => reserved?.reservation),
      transfers.map(({ reserved }) => reserved?.item),
      dueAt,
    ],
  });
  const created = new Map(rows.map(({ id, patient }) => [patient, id]));
  const ids = transfers.map(({ patient }) => created.get(patient));
  const facilities = transfers.map(({ to }) => to?.facility);
  const reasons = transfers.map(({ reason }) => reason);
  await db.query({
    ...STORE_CREATED_STEPS,
    values: [ids, facilities, reasons, path, at, by, act],
  });
  if (isApproved) await db.query({ ...STORE_CREATED_APPROVALS, values: [ids, at, by] });
  await publishTransfers(db, [...created.values()], published, at);
  return created;
}
