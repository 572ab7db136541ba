import type { Caller } from '../../../../shared/identity/index.js';

/** Roles whose areas count for reports: a service reports for the facilities that its token names alone. */
export const REPORTS_BY_AREA = 'crisis-staff';

/** Roles that see the lifelines of their areas; a facility and a service see those of the facilities that their token names. */
const AREA_READERS: ReadonlySet<string> = new Set(['dispatch', 'health-office', 'crisis-staff']);

/** The lifelines that a caller may see: of these facilities, and of facilities in these areas. */
export interface VisibleLifelines {
  facilities: readonly string[];
  areas: readonly string[];
}

/** Returns which lifelines the caller may see, if they hold `lifelines:read`. */
export function visibleTo({ claims }: Pick<Caller, 'claims'>): VisibleLifelines {
  const countsAreas = claims.roles.some((role) => AREA_READERS.has(role));
  return { facilities: claims.facilities, areas: countsAreas ? claims.areas : [] };
}

/** Whether lifelines of a facility in an area are among the visible ones. */
export function sees(
  { facilities, areas }: VisibleLifelines,
  facility: string,
  area: string,
): boolean {
  return facilities.includes(facility) || areas.some((prefix) => area.startsWith(prefix));
}
