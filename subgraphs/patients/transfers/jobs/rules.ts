import { DAY_MINUTES, MINUTE_MS } from '../../../../shared/time/rules.js';
import type {
  BedCategory,
  TransferKind,
  TransferStatus,
  TriageCategory,
} from '../../generated/graphql.js';
import type { ReservationInput, TransferJob } from '../lifecycle/index.js';
import { isAwaitingDecision } from '../lifecycle/rules.js';

/** The outcome of a call of capacity; stored with the job, as JSON. */
export type Outcome =
  | { is: 'KEPT'; reservation: string; item: string; until: string }
  | NoSlotOutcome
  /** The reservation has ended, or is no slot for this patient. */
  | { is: 'ENDED' }
  | { is: 'CLOSED' };

/** No slot is free, or the facility cannot sustain its care. A job of the release before does not say which. */
interface NoSlotOutcome {
  is: 'NO_PLACE';
  free: number | null;
  notSustainable?: boolean;
  alternatives: Alternative[];
}

export interface Alternative {
  facility: string;
  free: number;
  km: number;
}

/**
 * How long the slot of an accepted patient is reserved: ROR calls a bed reserved when an identified patient is expected
 * within 24 hours. Capacity accepts no later end, and its clock may be a little behind, hence less by five minutes.
 */
export const RESERVED_MINUTES = DAY_MINUTES - 5;

export function reservedUntil({ createdAt }: Pick<TransferJob, 'createdAt'>): Date {
  return new Date(createdAt.getTime() + RESERVED_MINUTES * MINUTE_MS);
}

/** Returns the kind of the reservation; it decides nothing here, because the end is always named. */
export function reservationKind(kind: TransferKind): 'PRIMARY' | 'STRATEGIC' {
  return kind === 'PRIMARY' ? 'PRIMARY' : 'STRATEGIC';
}

/** An effect that the outcome of a job has on its transfer. */
export type Effect =
  /** The destination's acceptance counts from now on. */
  | { does: 'ACCEPT' }
  /** A slot is reserved for a transfer that goes on. */
  | { does: 'KEEP_SLOT' }
  /** The transfer goes on, and nothing is kept for it. */
  | { does: 'LOSE_SLOT' }
  /** Another job. */
  | { does: 'RESERVE' | 'RELEASE' | 'REDEEM' };

/** The transfer when the outcome of a job is recorded. */
export interface TransferState {
  status: TransferStatus;
  attempt: number;
}

/** Accepted, and the patient is not there yet. */
const COMING: readonly TransferStatus[] = [
  'ACCEPTED',
  'TRANSPORT_SOUGHT',
  'TRANSPORT_ASSIGNED',
  'PICKED_UP',
  'UNDER_WAY',
];
const THERE: readonly TransferStatus[] = ['ARRIVED', 'HANDED_OVER'];

/**
 * Returns the effects of the outcome of a job. Since the job was added the transfer may have been cancelled, refused,
 * diverted or ended: then the reservation is released, so that no slot stays reserved without a patient.
 */
export function effectsOf(
  input: Pick<ReservationInput, 'operation' | 'attempt'>,
  outcome: Outcome,
  transfer: TransferState,
): Effect[] {
  const isMeant = transfer.attempt === input.attempt;
  const isRequested = isMeant && isAwaitingDecision(transfer.status);
  const isStillComing = isMeant && isComing(transfer.status);
  const isThere = isMeant && THERE.includes(transfer.status);
  switch (outcome.is) {
    case 'KEPT':
      if (isRequested) return [{ does: 'ACCEPT' }];
      if (isStillComing) return [{ does: 'KEEP_SLOT' }];
      if (isThere)
        return input.operation === 'RESERVE' ? [{ does: 'KEEP_SLOT' }, { does: 'REDEEM' }] : [];
      return [{ does: 'RELEASE' }];
    case 'ENDED':
      // The reservation has lapsed, or the slot belongs to another patient: the facility still takes the patient if it
      // has a free slot.
      return isClaim(input) && (isRequested || isStillComing) ? [{ does: 'RESERVE' }] : [];
    case 'NO_PLACE':
      return isStillComing ? [{ does: 'LOSE_SLOT' }] : [];
    case 'CLOSED':
      return [];
  }
}

/** Whether the destination has accepted and the patient is not there yet. */
export function isComing(status: TransferStatus): boolean {
  return COMING.includes(status);
}

/** Whether an acceptance waits for the outcome. */
export function isClaim({ operation }: Pick<ReservationInput, 'operation'>): boolean {
  return operation === 'RESERVE' || operation === 'CONFIRM';
}

/** The slot that is needed at the destination: a bed, or the intake of the patient's present category. */
export function wanted({
  bedCategory,
  patientCategory,
}: {
  bedCategory: BedCategory | null;
  patientCategory: TriageCategory;
}): Pick<ReservationInput, 'bedCategory' | 'intake'> {
  return { bedCategory, intake: bedCategory ? null : patientCategory };
}
