import type { AuditPurpose } from '../generated/graphql.js';

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
