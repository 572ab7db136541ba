import type { PoolClient } from 'pg';
import { idOrNone } from '../../../../shared/validation/rules.js';
import type {
  BedCategory,
  TransferAct,
  TransferKind,
  TransferStatus,
} from '../../generated/graphql.js';
import { type TransferChangeName, TRANSFER_TOPICS } from './events.js';
import type { TransferRow } from './rows.js';
import type { Path } from './rules.js';
import { deadlineOf } from './rules/deadlines.js';
import { RESERVATION_USED } from './statements.js';
import {
  ESCALATE,
  LAPSING,
  PUBLISH_TRANSFERS,
  STORE_CREATED_APPROVALS,
  STORE_CREATED_STEPS,
  STORE_RESERVATION,
  STORE_STEP,
  STORE_TRANSFERS,
} from './statements-changes.js';

/** A step as it is stored. */
interface StoredStep {
  /** The statuses that it led through. */
  path: Path;
  act: TransferAct;
  by: string;
  at: Date;
  reason: string | null;
  /** The facility that the step is about. */
  facility: string | null;
}

/** Stores a transfer as it is after a step, with the step. */
export async function storeStep(
  db: PoolClient,
  next: TransferRow,
  { path, act, by, at, reason, facility }: StoredStep,
): Promise<void> {
  await db.query({
    ...STORE_STEP,
    values: [
      next.id,
      next.status,
      at,
      next.toFacility,
      next.toArea,
      next.attempt,
      next.reservationId,
      next.reservationItem,
      next.placeUntil,
      next.vehicleId,
      next.means,
      next.estimatedArrival,
      deadlineOf(next, at),
      path,
      by,
      reason,
      facility,
      act,
    ],
  });
}

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

/** Stores new transfers with their steps and approvals, in one statement for each table. Returns their ids by patient. */
export async function storeCreated(
  db: PoolClient,
  transfers: readonly NewTransfer[],
  { kind, bedCategory, path, act, isApproved, by, at }: Creation,
): Promise<Map<string, string>> {
  const status = path.at(-1)!;
  const dueAt = transfers.map(({ to }) =>
    deadlineOf({ kind, status, toFacility: to?.facility ?? null }, at),
  );
  const { rows } = await db.query<{ id: string; patient: string }>({
    ...STORE_TRANSFERS,
    values: [
      kind,
      bedCategory,
      status,
      at,
      by,
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
  return created;
}

/** The reserved slot of a transfer; all null where none is reserved. */
export type Slot = Pick<TransferRow, 'reservationId' | 'reservationItem' | 'placeUntil'>;

/** Stores which slot is reserved for a transfer. */
export async function storeReservation(
  db: PoolClient,
  transfer: string,
  { reservationId, reservationItem, placeUntil }: Slot,
): Promise<void> {
  const values = [transfer, reservationId, reservationItem, placeUntil];
  await db.query({ ...STORE_RESERVATION, values });
}

/** Whether another transfer than this one uses a reserved slot, or has released it. */
export async function isReservationUsed(
  db: PoolClient,
  item: string,
  transfer: string | null,
): Promise<boolean> {
  const { rowCount } = await db.query({ ...RESERVATION_USED, values: [idOrNone(item), transfer] });
  return rowCount !== 0;
}

/** Marks the transfers whose decision is overdue as reported, and returns their ids. Each is returned once. */
export async function escalateOverdue(db: PoolClient, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({ ...ESCALATE, values: [now] });
  return rows.map(({ id }) => id);
}

/** Returns the ids of the transfers whose slot has lapsed before the patient was on board. */
export async function lapsingTransfers(db: PoolClient, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({ ...LAPSING, values: [now] });
  return rows.map(({ id }) => id);
}

/** Publishes changes of transfers: their new status, or another change; also to facilities that they no longer concern. */
export async function publishTransfers(
  db: PoolClient,
  ids: readonly string[],
  change: TransferChangeName,
  at: Date,
  before: readonly (string | null)[] = [],
): Promise<void> {
  await db.query({
    ...PUBLISH_TRANSFERS,
    values: [ids, TRANSFER_TOPICS[change], at, before],
  });
}
