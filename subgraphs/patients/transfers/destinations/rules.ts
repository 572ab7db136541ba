import type {
  BedCategory,
  TransferKind,
  TransferStatus,
  TriageCategory,
} from '../../generated/graphql.js';
import { missingApprovals, type GivenApproval } from '../approvals/rules.js';
import type { TransferRow } from '../lifecycle/row.js';
import { isAwaitingAnswer, type Path } from '../lifecycle/rules.js';

/**
 * The status a named destination leads to: it is asked once everybody has approved it. One in another Land than the
 * approved one has to be approved there first.
 */
export function pathToDestination(
  ends: { kind: TransferKind; fromArea: string; toArea: string | null },
  given: readonly GivenApproval[],
): Path {
  if (missingApprovals(ends, given).length > 0) return ['REQUESTED'];
  return ends.toArea === null ? ['APPROVED'] : ['DESTINATION_REQUESTED'];
}

/**
 * The same for one that is named later. Whoever has deferred the transfer decides when it goes on: that a destination is named
 * meanwhile does not.
 */
export function pathToNext(
  status: TransferStatus,
  ends: Parameters<typeof pathToDestination>[0],
  given: readonly GivenApproval[],
): Path {
  const path = pathToDestination(ends, given);
  return status === 'DEFERRED' && path[0] === 'REQUESTED' ? ['DEFERRED'] : path;
}

/** Whether a destination is none: the patient is there, or it is asked already. */
export function alreadyThere(
  { fromFacility, toFacility, status }: Pick<TransferRow, 'fromFacility' | 'toFacility' | 'status'>,
  to: string,
) {
  const isAsked = to === toFacility && isAwaitingAnswer(status);
  if (to !== fromFacility && !isAsked) return undefined;
  return {
    __typename: 'AlreadyThere' as const,
    message: isAsked
      ? 'This house is asked already. Wait for its answer, or name another one.'
      : 'The patient is in this house. Name another one.',
    facility: { id: to },
  };
}

export function reservationInUse(item: string) {
  return {
    __typename: 'ReservationInUse' as const,
    message: `The reserved place ${item.slice(0, 100)} belongs to another transfer, or was given back by one. Leave \`reservation\` out: a place is reserved when the house accepts.`,
    item,
  };
}

/** What one reserved place is for, as capacity has it. */
export interface KeptPlace {
  facility: string;
  category: BedCategory | null;
  intake: TriageCategory | null;
  count: number;
  status: string;
  /** Who reserved it. */
  createdBy: string;
}

/** A reserved place as a caller names it, with what capacity says of it; nothing when there is no such place. */
export interface NamedPlace {
  id: string;
  item: string;
  kept: KeptPlace | undefined;
}

/** What a place must be for, and who names it. */
interface Needed {
  facility: string;
  bedCategory: BedCategory | null;
  intake: TriageCategory | null;
  by: string;
}

/**
 * Why a reserved place is not this patient's: whoever names it could otherwise have the place of anybody prolonged or given
 * back, because the hub settles reservations in every house. A place is given on by whoever reserved it and nobody else:
 * capacity knows no more of him, so a colleague of the same office has to leave it out. Whose it is comes first: another's place
 * is as good as none.
 */
export function reservationNotYours(
  place: NamedPlace,
  { facility, by }: Pick<Needed, 'facility' | 'by'>,
) {
  const { kept } = place;
  if (kept?.createdBy !== by) return unfit(place, 'is in no reservation of yours with this id');
  if (kept.facility !== facility) return unfit(place, 'is in another house than the destination');
  return undefined;
}

/** Why a reserved place that is the caller's does not fit this patient. */
export function reservationUnfit(place: NamedPlace, needed: Needed) {
  const notYours = reservationNotYours(place, needed);
  if (notYours) return notYours;
  const reason = misfitOf(place.kept!, needed);
  return reason === undefined ? undefined : unfit(place, reason);
}

function unfit({ id, item }: NamedPlace, reason: string) {
  return {
    __typename: 'ReservationUnfit' as const,
    message: `The reserved place ${item.slice(0, 100)} ${reason}. Name one that fits, or leave \`reservation\` out: a place is reserved when the house accepts.`,
    reservation: id,
    item,
  };
}

function misfitOf(kept: KeptPlace, { bedCategory, intake }: Needed): string | undefined {
  if (kept.count !== 1) return `is for ${kept.count} patients; a transfer takes one`;
  if (kept.status !== 'OPEN' && kept.status !== 'CONFIRMED') {
    return `is ${kept.status}; it must be OPEN or CONFIRMED`;
  }
  if (kept.category === bedCategory && kept.intake === intake) return undefined;
  return `is ${placeName(kept.category, kept.intake)}; the transfer asks for ${placeName(bedCategory, intake)}`;
}

function placeName(bed: BedCategory | null, intake: TriageCategory | null): string {
  return bed ?? `a place of the intake of ${intake}`;
}

/** Categories whose patients the rescue service does not carry, or of whom nobody can say to which place. */
const STAYING: Partial<Record<TriageCategory, string>> = {
  EX: 'The dead are not carried by the rescue service (Sichtungskategorie EX). Call the undertaker or the police.',
  SK_IV:
    'SK IV is cared for at the scene and not carried in the first wave. Triage him again, or name the bedCategory that he needs.',
  UNTRIAGED:
    'Nobody has triaged him, so no intake can be chosen. Triage him, or name the bedCategory that he needs.',
};

/** Why a patient cannot be sent on the way; a named bed settles which place is meant. */
export function notTransportable(category: TriageCategory, hasDied: boolean, isBedNamed: boolean) {
  const state = hasDied ? 'EX' : category;
  const message = STAYING[state];
  if (message === undefined || (state !== 'EX' && isBedNamed)) return undefined;
  return { __typename: 'NotTransportable' as const, message, category: state };
}

/**
 * Why a patient stays in the house he is in: a physician said that he cannot be moved on. From a scene, PRIMARY, everybody has
 * to be carried somewhere.
 */
export function notToBeMoved(
  { category, transportable }: { category: TriageCategory; transportable: boolean | null },
  kind: TransferKind,
) {
  if (kind === 'PRIMARY' || transportable !== false) return undefined;
  return {
    __typename: 'NotTransportable' as const,
    message:
      'A physician holds him unfit to be moved on. Have one triage him again with `transportable: true`, or treat him where he is.',
    category,
  };
}
