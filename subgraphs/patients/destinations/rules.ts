import type { TransferKind, TriageCategory } from '../generated/graphql.js';
import { missingApprovals, type GivenApproval } from '../approvals/rules.js';
import type { TransferRow } from '../transfers/row.js';
import { isAwaitingAnswer, type Path } from '../transfers/rules.js';

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
    message: `The reserved place ${item.slice(0, 100)} belongs to another transfer. Leave \`reservation\` out: a place is reserved when the house accepts.`,
    item,
  };
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
