import type { Caller } from '../../../../shared/identity/index.js';
import { areasToRead } from '../../access/rules.js';

/** Roles whose areas count for reports: a service reports for the facilities that its token names alone. */
export const REPORTS_BY_AREA = 'crisis-staff';

/** The lifelines that a caller may see: of these facilities, and of facilities in these areas. */
export interface VisibleLifelines {
  facilities: readonly string[];
  areas: readonly string[];
}

/** Returns which lifelines the caller may see, if they hold `lifelines:read`. */
export function visibleTo({ claims }: Pick<Caller, 'claims'>): VisibleLifelines {
  return { facilities: claims.facilities, areas: areasToRead(claims, 'LIFELINES') };
}

/** Whether lifelines of a facility in an area are among the visible ones. */
export function sees(
  { facilities, areas }: VisibleLifelines,
  facility: string,
  area: string,
): boolean {
  return facilities.includes(facility) || areas.some((prefix) => area.startsWith(prefix));
}
