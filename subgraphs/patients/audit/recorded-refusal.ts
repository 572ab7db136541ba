import type { ConcernedPatient, ConcernedTransfer } from './concerned.js';

/** A refusal recorded by `relation: "refused"`, with the patients whom it discloses. */
export interface RecordedRefusal {
  /** Patients, or transfers that the caller may see without the patient. */
  concerns: readonly (ConcernedPatient | ConcernedTransfer)[];
}

/** Adds to a refusal the patients whom it discloses. */
export function withConcerns<Outcome extends object>(
  outcome: Outcome,
  ...concerns: RecordedRefusal['concerns']
): Outcome & RecordedRefusal {
  return { ...outcome, concerns };
}
