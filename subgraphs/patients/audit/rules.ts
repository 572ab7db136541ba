import type { AuditPurpose, PatientsAuditFilter } from '../generated/graphql.js';

/** How a reader comes to see a patient. */
export interface Relation {
  /** Whether a vehicle led to the patient. */
  byVehicle: boolean;
  /** Whether the reader leads in the patient's area. */
  leadsThere: boolean;
  /** Whether the reader acts for a facility on the patient's way. */
  forFacility: boolean;
}

/**
 * What a read is for (R50): the relation by which the reader sees the patient says it, and the nearest relation counts. Whoever
 * neither leads nor acts for a facility sees a transfer, or a part of a plan, only to decide about it.
 */
export function purposeOf({ byVehicle, leadsThere, forFacility }: Relation): AuditPurpose {
  if (byVehicle) return 'TRANSPORT';
  if (leadsThere) return 'STEERING';
  if (forFacility) return 'TREATMENT';
  return 'APPROVAL';
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * What is wrong with the filter of a look into the audit; undefined when nothing is. A mistyped filter must not read as "nobody
 * has read anything".
 */
export function filterFault({
  patient,
  from,
  to,
}: Pick<PatientsAuditFilter, 'patient' | 'from' | 'to'>): string | undefined {
  if (patient != null && !UUID.test(patient)) {
    return `patient is a \`Patient.id\`, a UUID in small letters; "${patient.slice(0, 100)}" came. \`patientByTag\` gives the id of a tag.`;
  }
  if (from != null && to != null && from >= to) {
    return `from lies before to; ${from.toISOString()} and ${to.toISOString()} came.`;
  }
  return undefined;
}
