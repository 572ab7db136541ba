import type { ConcernedPatient, ConcernedTransfer } from './concerned.js';

/** What a refusal recorded by `relation: "refused"` holds beside its fields: of whom it tells something. */
export interface RecordedRefusal {
  /** Patients; transfers where the caller may see the transfer and not the patient. */
  concerns: readonly (ConcernedPatient | ConcernedTransfer)[];
}

/** Returns an outcome that, as a refusal, tells something of patients, with whom it concerns. */
export function withConcerns<Outcome extends object>(
  outcome: Outcome,
  ...concerns: RecordedRefusal['concerns']
): Outcome & RecordedRefusal {
  return { ...outcome, concerns };
}
