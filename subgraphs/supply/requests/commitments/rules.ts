import { HOUR_MS } from '../../../../shared/time/rules.js';
import { noneWithId, reasonFault, type WithTypename } from '../../../../shared/validation/rules.js';
import type {
  CommitmentTooLate,
  CommitSupplyInput,
  OfferExceeded,
  OfferOfOtherItem,
  OverCommitted,
  OwnSupplyRequest,
  UnknownSupplyCommitment,
  UnknownSupplyLine,
  WithdrawSupplyCommitmentInput,
} from '../../generated/graphql.js';
import { commit, isExceeded, type LineQuantities, drawFromOffer } from '../ledger/rules.js';
import { positiveFault } from '../../items/rules.js';
import { holderFault, leftOf, refusalIfExpired } from '../offers/rules.js';

/** Returns the fault of a commitment, as a sentence for the caller; undefined if it has none. */
export function commitmentFault(input: CommitSupplyInput): string | undefined {
  return holderFault(input) ?? positiveFault('quantity', input.quantity);
}

/** Late goods may still help; a commitment to a request that is late already arrives within this time. */
const LATE_HOURS = 24;

/** Refuses a commitment that would arrive too late and keep the line closed for those who could be in time; undefined for others. */
export function refusalIfTooLate(
  { neededUntil }: { neededUntil: Date },
  expectedAt: Date | null | undefined,
  now: Date,
): WithTypename<CommitmentTooLate> | undefined {
  const latest = neededUntil > now ? neededUntil : new Date(now.getTime() + LATE_HOURS * HOUR_MS);
  if (expectedAt == null || expectedAt <= latest) return undefined;
  return {
    __typename: 'CommitmentTooLate',
    message: `A commitment arrives by ${latest.toISOString()}; received ${expectedAt.toISOString()}. Commit what arrives in time, or offer it with \`offerSupply\`.`,
    latest,
  };
}

export function withdrawalFault({ reason }: WithdrawSupplyCommitmentInput): string | undefined {
  return reasonFault(reason);
}

/** Refuses more than is open of a line; undefined for what can be committed. */
export function judgeCommitment(
  line: LineQuantities,
  quantity: number,
  unit: string,
): WithTypename<OverCommitted> | undefined {
  const outcome = commit(line, quantity);
  if (!isExceeded(outcome)) return undefined;
  const open = outcome.possible;
  return {
    __typename: 'OverCommitted',
    message: `${open} ${unit} of the line are still open; ${quantity} were to be committed. ${open > 0 ? 'Commit at most what is open.' : 'Others have committed everything.'}`,
    open,
  };
}

/** The part of an offer that decides what can be drawn from it. */
interface JudgedOffer {
  itemId: string;
  quantity: number;
  committed: number;
  until: Date;
  withdrawnAt: Date | null;
  usableUntil: Date | null;
}

/** Refuses a commitment from an offer of another item, and one that exceeds it; undefined for one that it covers. */
export function judgeOffer(
  offer: JudgedOffer,
  requested: { itemId: string; quantity: number; unit: string },
  now: Date,
) {
  if (offer.itemId !== requested.itemId) return otherItem(requested.itemId);
  const expired = refusalIfExpired(offer.usableUntil, now);
  if (expired) return expired;
  const isStanding = leftOf(offer, now) > 0;
  const outcome = isStanding
    ? drawFromOffer(offer, requested.quantity)
    : ({ exceeded: 'OFFERED', possible: 0 } as const);
  return isExceeded(outcome) ? offerExceeded(outcome.possible, requested) : undefined;
}

function otherItem(itemId: string): WithTypename<Omit<OfferOfOtherItem, 'item'>> & {
  item: { id: string };
} {
  return {
    __typename: 'OfferOfOtherItem',
    message:
      'The offer is for another item than the line. Name an offer for the item of the line, or none.',
    item: { id: itemId },
  };
}

function offerExceeded(
  left: number,
  { quantity, unit }: { quantity: number; unit: string },
): WithTypename<OfferExceeded> {
  return {
    __typename: 'OfferExceeded',
    message: `${left} ${unit} of the offer are left; ${quantity} were to be committed. Commit at most what is left, or name another offer.`,
    offerLeft: left,
  };
}

/** Refuses that a facility commits something to itself. */
export function refusalIfToItself(
  request: { id: string; facilityId: string },
  facilityId: string | null,
):
  | (WithTypename<Omit<OwnSupplyRequest, 'supplyRequest'>> & { supplyRequest: { id: string } })
  | undefined {
  if (request.facilityId !== facilityId) return undefined;
  return {
    __typename: 'OwnSupplyRequest',
    message:
      'The facility that needs something cannot commit it to itself. Cancel the request if it is no longer needed.',
    supplyRequest: { id: request.id },
  };
}

export function unknownLine(id: string): WithTypename<UnknownSupplyLine> {
  return noneWithId('supplyLine', id, '`SupplyRequest.lines`');
}

export function unknownCommitment(id: string): WithTypename<UnknownSupplyCommitment> {
  return noneWithId('supplyCommitment', id, '`SupplyLine.commitments`');
}
