import type { PoolClient } from 'pg';
import type { Statement } from '../../../../shared/database/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { TransferAct, TransferStatus } from '../../generated/graphql.js';
import { movePatient } from '../../registry/index.js';
import type { TransferRow } from './row.js';
import {
  isNo,
  isDestinationConcerned,
  isOriginConcerned,
  step,
  type No,
  type Side,
  type Path,
  type PlainAct,
} from './rules.js';
import {
  TRANSFERS_LOCKED,
  TRANSFERS_LOCKED_UNCHECKED,
  TRANSFERS_OF_VEHICLE_LOCKED,
} from './statements.js';
import { STORE_STEP, PUBLISH_TRANSFERS } from './write-statements.js';
import { valuesOf, type Viewer } from './viewer.js';
import { addTransferJob, type TransferJob } from './reservation-jobs.js';
import { deadlineOf } from './rules/deadlines.js';
import { operationAfter } from './rules/reservation-operations.js';

/** A step: its act, actor and time, and what it changes beside the status. */
export interface Step {
  act: TransferAct;
  /** Pseudonym of the actor, or CLOCK. */
  by: string;
  at: Date;
  reason?: string | null | undefined;
  /** Another destination, a vehicle, a slot. */
  set?: Partial<
    Pick<
      TransferRow,
      | 'toFacility'
      | 'toArea'
      | 'attempt'
      | 'reservationId'
      | 'reservationItem'
      | 'placeUntil'
      | 'vehicleId'
      | 'means'
      | 'estimatedArrival'
    >
  >;
}

/** The actor of a step that the clock takes. */
export const CLOCK = 'clock';

/** Locks transfers the caller may see, until the transaction ends; by id. Hidden ones are missing. */
export async function lockTransfers(
  db: PoolClient,
  ids: readonly string[],
  viewer: Viewer,
): Promise<Map<string, TransferRow>> {
  return lock(db, TRANSFERS_LOCKED, [...valuesOf(viewer), ids.filter(isUuid)]);
}

/** Locks transfers without a check of visibility, by id: for the radio of a vehicle, the clock, the outcome of a job. */
export async function lockTransfersUnchecked(
  db: PoolClient,
  ids: readonly string[],
): Promise<Map<string, TransferRow>> {
  return lock(db, TRANSFERS_LOCKED_UNCHECKED, [[], [], ids]);
}

/** Locks the transfers of a vehicle, without a check of visibility. */
export async function lockLoad(db: PoolClient, vehicle: string): Promise<TransferRow[]> {
  return [...(await lock(db, TRANSFERS_OF_VEHICLE_LOCKED, [[], [], vehicle])).values()];
}

/** Locks a transfer that is known to exist, without a check of visibility. */
export async function lockUnchecked(db: PoolClient, id: string): Promise<TransferRow> {
  const transfer = (await lockTransfersUnchecked(db, [id])).get(id);
  if (!transfer) throw new Error(`Transfer ${id} has vanished.`);
  return transfer;
}

/**
 * Takes a step that the rules allow: stores the transfer with its steps, adds the jobs for its reservation, moves the
 * patient, and publishes the event, in the transaction of `db`, which holds the transfer's lock. Returns the jobs to be
 * run once it is committed.
 */
export async function transition(
  db: PoolClient,
  transfer: TransferRow,
  path: Path,
  how: Step,
): Promise<TransferJob[]> {
  const { act, by, at } = how;
  const status = path.at(-1)!;
  const jobs = await jobsOf(db, transfer, how);
  const concerned = concernedBy(transfer);
  // No facility is requested for the dead: one that was named and not requested never learns of the patient.
  const unasked = act === 'DIE' && !concerned.includes(transfer.toFacility) ? NOWHERE : {};
  const next = { ...transfer, ...LOST[act], ...unasked, ...how.set, status };
  // The step names the facility that was requested, also where the search for another begins with it.
  const facility = act === 'REFUSE' ? transfer.toFacility : next.toFacility;
  await db.query({
    ...STORE_STEP,
    values: [
      transfer.id,
      status,
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
      how.reason ?? null,
      facility,
      act,
    ],
  });
  if (act === 'PICK_UP') await movePatient(db, transfer.patientId, null, at);
  if (act === 'HAND_OVER') await movePatient(db, transfer.patientId, transfer.toFacility, at);
  // The event reaches a facility that expected the patient, or had them, though the transfer no longer concerns it.
  await publishTransfers(db, [transfer.id], path[0], at, concerned);
  return jobs;
}

/** Takes a step if the rules allow it. Returns the jobs to be run once it is committed, or the reason against it. */
export async function advance(
  db: PoolClient,
  transfer: TransferRow,
  sides: ReadonlySet<Side>,
  how: Step & { act: PlainAct },
): Promise<{ jobs: TransferJob[] } | No> {
  const path = step(transfer.status, how.act, sides);
  return isNo(path) ? path : { jobs: await transition(db, transfer, path, how) };
}

/** Publishes changes of transfers: their new status, or another change; also to facilities that they no longer concern. */
export async function publishTransfers(
  db: PoolClient,
  ids: readonly string[],
  happened:
    | TransferStatus
    | 'ESCALATED'
    | 'RESERVATION_KEPT'
    | 'RESERVATION_LOST'
    | 'RESERVATION_REFUSED'
    | 'APPROVED_IN_PART'
    | 'INCONSISTENT',
  at: Date,
  before: readonly (string | null)[] = [],
): Promise<void> {
  const topic = `patients.transfer-${happened.toLowerCase().replaceAll('_', '-')}`;
  await db.query({
    ...PUBLISH_TRANSFERS,
    values: [ids, topic, at, before],
  });
}

async function lock(db: PoolClient, statement: Statement, values: readonly unknown[]) {
  const { rows } = await db.query<TransferRow>({ ...statement, values: [...values] });
  return new Map(rows.map((row) => [row.id, { ...row, __typename: 'Transfer' as const }]));
}

async function jobsOf(
  db: PoolClient,
  transfer: TransferRow,
  { act, by, at, set }: Step,
): Promise<TransferJob[]> {
  const operation = operationAfter(act, transfer.status);
  const {
    attempt,
    toFacility: facility,
    reservationId: reservation,
    reservationItem: item,
  } = transfer;
  if (!operation || reservation === null || facility === null) return [];
  // The same slot is named again: it stays reserved for the patient.
  if (set?.reservationItem === item) return [];
  const about = { attempt, facility, bedCategory: null, intake: null, reservation, item };
  return [await addTransferJob(db, transfer, { operation, ...about, actor: by, at })];
}

const NO_RESERVATION = { reservationId: null, reservationItem: null, placeUntil: null };
const NO_VEHICLE = { vehicleId: null, means: null, estimatedArrival: null };

const NOWHERE = { toFacility: null, toArea: null };

/** The fields that a step clears: the slot with its facility, the vehicle with the slot. */
const LOST: Partial<Record<TransferAct, Step['set']>> = {
  LAPSE: { ...NO_RESERVATION, ...NO_VEHICLE },
  SEEK_TRANSPORT: NO_VEHICLE,
  ARRIVE: { placeUntil: null },
  REQUEST_DESTINATION: NO_RESERVATION,
  DIVERT: { ...NO_RESERVATION, estimatedArrival: null },
  REFUSE: { ...NO_RESERVATION, ...NOWHERE },
  CANCEL: NO_RESERVATION,
  REJECT: NO_RESERVATION,
  DIE: NO_RESERVATION,
};

/** Returns the facilities that know of a transfer before a step. No step follows on a death, so an arrival decides nothing here. */
function concernedBy({ status, fromFacility, toFacility }: TransferRow): (string | null)[] {
  return [
    isOriginConcerned(status, false) ? fromFacility : null,
    isDestinationConcerned(status, false) ? toFacility : null,
  ];
}
