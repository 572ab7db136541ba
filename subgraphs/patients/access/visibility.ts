import { forbidden, type Caller } from '../../../shared/identity/caller.js';

/**
 * Whose patients a caller may know of: those of his areas, when his role leads there, and those on their way to or from his
 * facilities. It goes into the WHERE of every statement that reads patients, as the arguments of the SQL function may_see.
 */
export interface Sight {
  /** AGS prefixes; empty for whoever only sees his facilities. */
  areas: readonly string[];
  facilities: readonly string[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Roles whose area is theirs to lead. The areas of all others, such as a SPoC's, show no patient. */
const LEADING_ROLES: ReadonlySet<string> = new Set(['dispatch', 'crisis-staff']);

export function sightOf(caller: Caller): Sight {
  const { scopes, areas, facilities } = inOffice(caller).claims;
  if (!scopes.includes('patients:read')) return { areas: [], facilities: [] };
  return { areas, facilities: facilities.filter(isId) };
}

/**
 * The caller with only those areas that are his to lead: a house whose token names an area does not act for its control room,
 * as it does not see with its eyes.
 */
export function inOffice(caller: Caller): Caller {
  const { claims } = caller;
  if (claims.roles.some((role) => LEADING_ROLES.has(role))) return caller;
  return { ...caller, claims: { ...claims, areas: [] } };
}

/** Whether the caller steers casualties to any facility, and so may know what is left of every intake. */
export function seesEveryIntake({ claims }: Caller): boolean {
  return claims.roles.some((role) => LEADING_ROLES.has(role));
}

/** Whether the caller may know what is left of a facility's intake; capacity decides the same of its own fields. */
export function seesIntake(caller: Caller, facility: string): boolean {
  return seesEveryIntake(caller) || caller.claims.facilities.includes(facility);
}

/**
 * Whom a caller may look for by tag or ask the name of: whomever he sees, and `family-information` the patients of its area,
 * of whom it sees nothing else.
 */
export function searchSightOf(caller: Caller): Sight {
  const { roles, areas } = caller.claims;
  const sight = sightOf(caller);
  if (!roles.includes('family-information')) return sight;
  return { areas: [...new Set([...sight.areas, ...areas])], facilities: sight.facilities };
}

/**
 * Throws FORBIDDEN unless the caller holds the scope and leads in the patient's area or acts for a house that has him. Only
 * for a patient he sees: to all others a patient is unknown, not forbidden.
 */
export function permitCare(
  caller: Caller,
  scope: string,
  { area, treating }: { area: string; treating: string[] },
): void {
  const sight = sightOf(caller);
  const hasHim = treating.some((facility) => sight.facilities.includes(facility));
  if (caller.claims.scopes.includes(scope) && (hasHim || seesArea(sight, area))) return;
  throw forbidden(caller, scope);
}

/** Whether all patients of an area are seen. */
export function seesArea({ areas }: Sight, area: string): boolean {
  return areas.some((prefix) => area.startsWith(prefix));
}

/** Whether an event tells of a patient who is seen: its area and its tags `facility:<id>` say whom he concerned then. */
export function seesEvent(sight: Sight, { area, tags }: { area: string; tags: string[] }): boolean {
  return (
    seesArea(sight, area) ||
    sight.facilities.some((facility) => tags.includes(facilityTag(facility)))
  );
}

/** The tag of an event that concerns a facility. */
export function facilityTag(facility: string): string {
  return `facility:${facility}`;
}

/** The tag of an event of an incident. */
export function incidentTag(incident: string): string {
  return `incident:${incident}`;
}

/** Whether a text can be an id of this database at all; anything else is an id that nobody has. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

/** The id, or one that nobody has for a text that cannot be an id: so that both run the same statements. */
export function idOrNobody(text: string): string {
  return isId(text) ? text : '00000000-0000-0000-0000-000000000000';
}
