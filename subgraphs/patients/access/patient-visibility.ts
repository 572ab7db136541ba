import {
  type Caller,
  forbidden,
  holdsRole,
  limitAreas,
  reachOf,
} from '../../../shared/identity/index.js';
import { tagOf } from '../../../shared/outbox/index.js';
import { areasToRead, isInAreas, rolesThatRead } from '../../../shared/identity/rules.js';
import { isUuid } from '../../../shared/validation/rules.js';
import { READ_BY_AREA } from './rules.js';

/**
 * The areas and facilities whose patients a caller may see: areas that the caller's role leads, and facilities that the
 * caller acts for, which see the patients on their way to or from them. Every statement that reads patients passes it to the
 * SQL function may_see in its WHERE.
 */
export interface PatientVisibility {
  /** AGS prefixes; empty for a caller who sees the patients of facilities only. */
  areas: readonly string[];
  facilities: readonly string[];
}

/** Roles that steer patients in the areas for which they hold. */
const STEERING_ROLES = rolesThatRead(READ_BY_AREA, 'PATIENTS');

/** Returns the patients that the caller may see; none without the scope `patients:read`. */
export function patientVisibilityOf(caller: Caller): PatientVisibility {
  const { areas, facilities } = reachOf(limitToLedAreas(caller), { scope: 'patients:read' });
  return { areas, facilities: facilities.filter(isUuid) };
}

/**
 * Returns the caller with only the areas that their roles lead. A facility whose token names an area neither sees nor acts as
 * the control room of that area.
 */
export function limitToLedAreas(caller: Caller): Caller {
  return limitAreas(caller, STEERING_ROLES);
}

/** Returns the areas (AGS prefixes) in which one of the caller's roles steers patients. */
export function ledAreasOf(caller: Caller): readonly string[] {
  return areasToRead(READ_BY_AREA, caller, 'PATIENTS');
}

/** Returns whether the caller steers casualties to any facility, and so may read how many slots each intake has left. */
export function seesEveryIntake(caller: Caller): boolean {
  return holdsRole(caller, { roles: STEERING_ROLES });
}

/** Returns whether the caller may read how many slots a facility's intake has left. Capacity decides the same for its own fields. */
export function seesIntake(caller: Caller, facility: string): boolean {
  return seesEveryIntake(caller) || reachOf(caller, {}).facilities.includes(facility);
}

/**
 * Returns the patients that the caller may search by tag and whose names the caller may read: all that the caller sees, and
 * for `family-information` the patients of its areas, of whom it sees nothing else.
 */
export function searchVisibilityOf(caller: Caller): PatientVisibility {
  const visibility = patientVisibilityOf(caller);
  return {
    areas: [...new Set([...visibility.areas, ...familyAreasOf(caller)])],
    facilities: visibility.facilities,
  };
}

/** Returns the areas (AGS prefixes) for whose families the caller gives information. */
export function familyAreasOf(caller: Caller): readonly string[] {
  return areasToRead(READ_BY_AREA, caller, 'IDENTITIES');
}

/**
 * Throws FORBIDDEN unless the caller holds the scope and leads in the patient's area or acts for a facility that treats them.
 * Call it only for a patient that the caller sees: to other callers a patient is unknown, not forbidden.
 */
export function permitCare(
  caller: Caller,
  scope: string,
  { area, treating }: { area: string; treating: string[] },
): void {
  const acting = reachOf(limitToLedAreas(caller), { scope });
  const actsForTreating = treating.some((facility) => acting.facilities.includes(facility));
  if (actsForTreating || seesArea(acting, area)) return;
  throw forbidden(caller, scope);
}

/** Returns whether the caller sees all patients of an area. */
export function seesArea({ areas }: PatientVisibility, area: string): boolean {
  return isInAreas(areas, area);
}

/**
 * Returns whether an event concerns a patient whom the caller sees. Its area and its tags `facility:<id>` name whom the patient
 * concerned at that time.
 */
export function seesEvent(
  visibility: PatientVisibility,
  { area, tags }: { area: string; tags: string[] },
): boolean {
  return (
    seesArea(visibility, area) ||
    visibility.facilities.some((facility) => tags.includes(facilityTag(facility)))
  );
}

/** Returns the tag of events that concern a facility. */
export function facilityTag(facility: string): string {
  return tagOf('facility', facility);
}

/** Returns the tag of events of an incident. */
export function incidentTag(incident: string): string {
  return tagOf('incident', incident);
}
