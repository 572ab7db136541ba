import { periodFault } from '../../../shared/audit/rules.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { AuditPurpose, PatientsAuditFilter } from '../generated/graphql.js';

/** The relation by which a reader sees a patient. */
export interface Relation {
  /** Whether a vehicle led to the patient. */
  byVehicle: boolean;
  /** Whether the reader leads in the patient's area. */
  leadsThere: boolean;
  /** Whether the reader acts for a facility on the patient's way. */
  forFacility: boolean;
}

/**
 * Returns the purpose of a read. It follows from the nearest relation by which the reader sees the patient. A reader who
 * neither leads nor acts for a facility sees a transfer, or a part of a plan, only to decide about it.
 */
export function purposeOf({ byVehicle, leadsThere, forFacility }: Relation): AuditPurpose {
  if (byVehicle) return 'TRANSPORT';
  if (leadsThere) return 'STEERING';
  if (forFacility) return 'TREATMENT';
  return 'APPROVAL';
}

/**
 * Returns the fault of a filter of the audit; undefined if it has none. The list for a mistyped filter must not look as if nobody
 * had read anything.
 */
export function filterFault({
  patient,
  from,
  until,
}: Pick<PatientsAuditFilter, 'patient' | 'from' | 'until'>): string | undefined {
  if (patient != null && !isUuid(patient)) {
    return `patient is a \`Patient.id\`, a UUID in lower case; received "${patient.slice(0, 100)}". \`patientByTag\` returns the id of a tag.`;
  }
  return periodFault(from, until);
}
