import type {
  RequestTransferInput,
  TransferKind,
  TriageCategory,
} from '../../generated/graphql.js';

/** Returns the fault of a request for a transfer, for any patient; undefined when there is none. */
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
    return 'reservation is a slot at `to`; name the destination with it, or leave both out.';
  }
  return undefined;
}

/**
 * Refuses PRIMARY for patients of a facility: nobody approves such a transfer, so a facility cannot use it to move its
 * patients elsewhere.
 */
export function notAtScene(kind: TransferKind, facility: string | null) {
  if (kind !== 'PRIMARY' || facility === null) return undefined;
  return {
    __typename: 'NotAtScene' as const,
    message:
      'PRIMARY is for patients at a scene; a facility has this one. Request another kind, SECONDARY or CAPACITY for instance, which has to be approved.',
    facility: { id: facility },
  };
}

/** Categories whose patients the rescue service does not carry, or for which no slot can be chosen. */
const STAYING: Partial<Record<TriageCategory, string>> = {
  EX: 'The dead are not carried by the rescue service (Sichtungskategorie EX). Call the undertaker or the police.',
  SK_IV:
    'SK IV is cared for at the scene and not carried in the first wave. Triage the patient again, or name the bedCategory that they need.',
  UNTRIAGED:
    'Nobody has triaged the patient, so no intake can be chosen. Triage the patient, or name the bedCategory that they need.',
};

/** Refuses patients who cannot be transferred in their state; a named bed makes the slot known. */
export function notTransportable(category: TriageCategory, hasDied: boolean, isBedNamed: boolean) {
  const state = hasDied ? 'EX' : category;
  const message = STAYING[state];
  if (message === undefined || (state !== 'EX' && isBedNamed)) return undefined;
  return { __typename: 'NotTransportable' as const, message, category: state };
}

/**
 * Refuses patients who stay in their facility because a physician found that they cannot be moved on. From a scene,
 * PRIMARY, every patient has to be carried.
 */
export function notToBeMoved(
  { category, transportable }: { category: TriageCategory; transportable: boolean | null },
  kind: TransferKind,
) {
  if (kind === 'PRIMARY' || transportable !== false) return undefined;
  return {
    __typename: 'NotTransportable' as const,
    message:
      'A physician found the patient unfit to be moved on. Have a physician triage the patient again with `transportable: true`, or treat them where they are.',
    category,
  };
}
