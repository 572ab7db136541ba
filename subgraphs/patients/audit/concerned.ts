/** A patient whom an object of the schema discloses. */
export interface ConcernedPatient {
  id: string;
}

/** A transfer that an object of the schema discloses; the caller may see it without the patient. */
export interface ConcernedTransfer {
  id: string;
  patientId: string;
  /** AGS of the Kreis that leads the patient. */
  patientArea: string;
  /** Whether the caller sees the patient. */
  seesPatient: boolean;
  fromFacility: string | null;
  toFacility: string | null;
}
