import type { PoolClient } from 'pg';
import type { TransferAct } from '../../generated/graphql.js';
import { movePatient } from '../../registry/index.js';
import type { TransferRow } from './rows.js';
import {
  isActRefusal,
  isDestinationConcerned,
  isOriginConcerned,
  pathOf,
  type ActRefusal,
  type Side,
  type Path,
  type PlainAct,
} from './rules.js';
import { publishTransfers, storeStep } from './store-changes.js';
import { addTransferJob, type TransferJob } from './new-reservation-job.js';
import { operationAfter } from './rules/reservation-operations.js';

/** An act of a caller or of the clock, and what it changes beside the status. */
export interface PerformedAct {
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

/**
 * Takes a step that the rules allow: stores the transfer with its steps, adds the jobs for its reservation, moves the
 * patient, and publishes the event, in the transaction of `db`, which holds the transfer's lock. Returns the jobs to be
 * run once it is committed.
 */
export async function transition(
  db: PoolClient,
  transfer: TransferRow,
  path: Path,
  performed: PerformedAct,
): Promise<TransferJob[]> {
  const { act, by, at } = performed;
  const status = path.at(-1)!;
  const jobs = await jobsOf(db, transfer, performed);
  const concerned = concernedBy(transfer);
  // No facility is requested for the dead: one that was named and not requested never learns of the patient.
  const unasked = act === 'DIE' && !concerned.includes(transfer.toFacility) ? NOWHERE : {};
  const next = { ...transfer, ...LOST[act], ...unasked, ...performed.set, status };
  // The step names the facility that was requested, also where the search for another begins with it.
  const facility = act === 'REFUSE' ? transfer.toFacility : next.toFacility;
  await storeStep(db, next, { path, act, by, at, reason: performed.reason ?? null, facility });
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
  performed: PerformedAct & { act: PlainAct },
): Promise<{ jobs: TransferJob[] } | ActRefusal> {
  const path = pathOf(transfer.status, performed.act, sides);
  return isActRefusal(path) ? path : { jobs: await transition(db, transfer, path, performed) };
}

async function jobsOf(
  db: PoolClient,
  transfer: TransferRow,
  { act, by, at, set }: PerformedAct,
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
const LOST: Partial<Record<TransferAct, PerformedAct['set']>> = {
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
