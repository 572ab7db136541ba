import type { Caller } from '../../../shared/identity/index.js';
import { isUuid } from '../../../shared/validation/rules.js';

/** Where a caller knows why beds cannot be sustained, and from when on: together these hours are a list of targets. */
export interface SustainabilityVisibility {
  /** Facilities that the caller acts for. */
  facilities: readonly string[];
  /** AGS prefixes in which the caller reads those of every facility. */
  areas: readonly string[];
}

/** Roles that read the hours of every facility in the areas of their tokens. A partner's machine does not, whatever area its token names. */
const AREA_READERS: ReadonlySet<string> = new Set([
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
    areas: roles.some((role) => AREA_READERS.has(role)) ? areas : [],
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
