import type { TransferAct } from '../../generated/graphql.js';
import type { StepRow, TransferRow } from './rows.js';
import { reasonAgainst, type Side } from './rules.js';

/** A step that a caller took before by the same act with the same input. */
export interface OwnStep extends StepRow {
  /** The attempt that stood after it. */
  attempt: number;
}

/** Acts that could be done a second time right after the first; all others end what they need. */
const FOLLOWS_ON_ITSELF: ReadonlySet<TransferAct> = new Set([
  'REQUEST_DESTINATION',
  'DIVERT',
  'DEFER',
  'SEEK_TRANSPORT',
]);

/**
 * Whether an act repeats one that the caller has done with the same input: a client that got no response sends it
 * again. It is a repetition while the destination stands for which it was done, and once no such act is possible any
 * more. A facility that is requested again, after a refusal or because its slot lapsed, decides again.
 */
export function isRepetition(
  act: TransferAct,
  own: Pick<OwnStep, 'attempt' | 'facility'>,
  transfer: Pick<TransferRow, 'attempt' | 'status' | 'toFacility'>,
  sides: ReadonlySet<Side>,
): boolean {
  const stands = own.attempt === transfer.attempt && own.facility === transfer.toFacility;
  return (
    (FOLLOWS_ON_ITSELF.has(act) && stands) ||
    reasonAgainst(transfer.status, act, sides) !== undefined
  );
}

/**
 * Reduces a transfer for a caller who took a step and no longer sees it, such as a facility that refused: the state
 * when the caller acted, their own steps, and the status after them. Nothing later, and no patient.
 */
export function redacted(
  transfer: TransferRow,
  own: readonly [OwnStep, ...OwnStep[]],
): TransferRow {
  const last = own.at(-1)!;
  return {
    ...transfer,
    status: last.status,
    statusAt: last.at,
    attempt: last.attempt,
    ownSteps: [...own],
    seesPatient: false,
    accepting: false,
    toFacility: null,
    toArea: null,
    reservationId: null,
    reservationItem: null,
    placeUntil: null,
    vehicleId: null,
    means: null,
    estimatedArrival: null,
    dueAt: null,
    escalatedAt: null,
  };
}
