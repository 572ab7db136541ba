import type { Named } from '../../capacity-client/rules.js';
import type {
  Need,
  PatientOrigin,
  TriageCategory,
  UnknownPatient,
} from '../../generated/graphql.js';

/** A patient as he is kept. */
export interface PatientRow {
  id: string;
  tag: string;
  incident: string | null;
  /** Where he is treated now; null at the scene and on the way. */
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
  /** Whether a physician holds him fit to be moved on from a house; null where nobody said. */
  transportable: boolean | null;
  pzc: string | null;
  latitude: number | null;
  longitude: number | null;
  origin: PatientOrigin;
  registeredAt: Date;
  diedAt: Date | null;
  erasedAt: Date | null;
}

export function unknownPatient(patient: string): Named<UnknownPatient> {
  return {
    __typename: 'UnknownPatient',
    message: `Nobody you may see has the id ${patient.slice(0, 100)}. Take the id from \`Patient.id\`; it is not the tag.`,
    patientId: patient,
  };
}
