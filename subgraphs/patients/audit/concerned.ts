/** A patient of whom an object of the schema tells something. */
export interface ConcernedPatient {
  id: string;
}

/** A transfer of which an object of the schema tells something, where the caller may see it and not the patient. */
export interface ConcernedTransfer {
  id: string;
  patient: string;
  /** AGS of the Kreis that leads the patient. */
  patientArea: string;
  /** Whether the caller sees the patient. */
  seesPatient: boolean;
  fromFacility: string | null;
  toFacility: string | null;
}
