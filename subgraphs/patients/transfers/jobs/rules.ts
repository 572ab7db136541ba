import type {
  BedCategory,
  TransferKind,
  TransferStatus,
  TriageCategory,
} from '../../generated/graphql.js';
import type { ReservationInput, TransferJob } from '../lifecycle/reservation-jobs.js';
import { isAwaitingDecision } from '../lifecycle/rules.js';

/** What capacity did; stored with the job, as JSON. */
export type Outcome =
  | { is: 'KEPT'; reservation: string; item: string; until: string }
  | { is: 'NO_PLACE'; free: number | null; alternatives: Alternative[] }
  /** The reservation is not there any more, or is no place for this patient. */
  | { is: 'ENDED' }
  | { is: 'CLOSED' };

export interface Alternative {
  facility: string;
  free: number;
  km: number;
}

/**
 * How long an accepted patient's place is kept: ROR calls a bed reserved when an identified patient is expected within 24
 * hours. Capacity accepts no later end, and its clock may be a little behind, hence less by five minutes.
 */
export const RESERVED_MINUTES = 24 * 60 - 5;

export function reservedUntil({ createdAt }: Pick<TransferJob, 'createdAt'>): Date {
  return new Date(createdAt.getTime() + RESERVED_MINUTES * 60_000);
}

/** What reservation kind the places are asked under; decides nothing here, because the end is always named. */
export function reservationKind(kind: TransferKind): 'PRIMARY' | 'STRATEGIC' {
  return kind === 'PRIMARY' ? 'PRIMARY' : 'STRATEGIC';
}

/** What the outcome of a job does to its transfer. */
export type Effect =
  /** The destination's acceptance counts from now on. */
  | { does: 'ACCEPT' }
  /** A place is kept for a transfer that goes on. */
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
 * What follows from the outcome of a job. Since the job was added the transfer may have been cancelled, refused, sent
 * elsewhere or ended: then what was reserved is released, so that nothing is ever kept for nobody.
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
      // What an allocation brought has lapsed, or what was kept has, or what was got is another's: the house takes him all
      // the same if it has a place.
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

/** What is asked for at the destination: a bed, or the intake of the patient's category as it is now. */
export function wanted({
  bedCategory,
  patientCategory,
}: {
  bedCategory: BedCategory | null;
  patientCategory: TriageCategory;
}): Pick<ReservationInput, 'bedCategory' | 'intake'> {
  return { bedCategory, intake: bedCategory ? null : patientCategory };
}
