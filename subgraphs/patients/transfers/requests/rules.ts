import type {
  RequestTransferInput,
  TransferKind,
  TriageCategory,
} from '../../generated/graphql.js';

/** What is wrong with a wish for a transfer, whoever the patient is; undefined when nothing is. */
export function requestFault({
  kind,
  to,
  bedCategory,
  reservation,
}: RequestTransferInput): string | undefined {
  if (kind !== 'PRIMARY' && bedCategory == null) {
    return `bedCategory names the bed that a ${kind} transfer needs; it may be left out for PRIMARY only.`;
  }
  if (to == null && reservation != null) {
    return 'reservation is a place at `to`; name the destination with it, or leave both out.';
  }
  return undefined;
}

/** Nobody approves a PRIMARY transfer, so it is not the way by which a house sends its patients away. */
export function notAtScene(kind: TransferKind, facility: string | null) {
  if (kind !== 'PRIMARY' || facility === null) return undefined;
  return {
    __typename: 'NotAtScene' as const,
    message:
      'PRIMARY is for patients at a scene; a house has this one. Request another kind, SECONDARY or CAPACITY for instance, which has to be approved.',
    facility: { id: facility },
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
