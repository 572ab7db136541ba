import type { Caller } from '../../../shared/identity/index.js';
import { isUuid } from '../../../shared/validation/rules.js';

/** Where a caller knows why beds cannot be sustained, and from when on: together these hours are a list of targets. */
export interface SustainabilityVisibility {
  /** Facilities that the caller acts for. */
  facilities: readonly string[];
  /** AGS prefixes that the caller leads. */
  areas: readonly string[];
}

/** Roles that lead an area. A partner's machine leads none, whatever area its token names. */
const LEADING_ROLES: ReadonlySet<string> = new Set([
  'dispatch',
  'health-office',
  'crisis-staff',
  'subgraph',
]);

export function sustainabilityVisibilityOf({ claims }: Caller): SustainabilityVisibility {
  const { roles, scopes, areas, facilities } = claims;
  const isSubgraph = roles.includes('subgraph');
  if (!isSubgraph && !scopes.includes('sustainability:read')) return { facilities: [], areas: [] };
  return {
    facilities: facilities.filter(isUuid),
    areas: roles.some((role) => LEADING_ROLES.has(role)) ? areas : [],
  };
}

/** Whether the caller knows the hours of a facility in a Kreis; the list for review selects rows by the same. */
export function seesSustainability(
  { facilities, areas }: SustainabilityVisibility,
  facility: string,
  area: string,
): boolean {
  return facilities.includes(facility) || areas.some((prefix) => area.startsWith(prefix));
}
