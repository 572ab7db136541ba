import type { WithTypename } from '../../capacity-client/rules.js';
import type {
  Need,
  PatientOrigin,
  TriageCategory,
  UnknownPatient,
} from '../../generated/graphql.js';

/** A patient as they are stored. */
export interface PatientRow {
  id: string;
  tag: string;
  incident: string | null;
  /** The facility that treats the patient; null at the scene and on the way. */
  facility: string | null;
  area: string;
  section: string | null;
  category: TriageCategory;
  byPhysician: boolean;
  triagedAt: Date | null;
  retriageAt: Date | null;
  transportPriority: boolean;
  needs: Need[];
  ventilated: boolean;
  physicianEscort: boolean;
  /** Whether a physician found the patient fit for a transfer to another facility; null if none decided. */
  transportable: boolean | null;
  pzc: string | null;
  latitude: number | null;
  longitude: number | null;
  origin: PatientOrigin;
  registeredAt: Date;
  diedAt: Date | null;
  erasedAt: Date | null;
}

export function unknownPatient(patient: string): WithTypename<UnknownPatient> {
  return {
    __typename: 'UnknownPatient',
    message: `No patient that you may see has the id ${patient.slice(0, 100)}. Use a \`Patient.id\`; it is not the tag.`,
    patientId: patient,
  };
}
