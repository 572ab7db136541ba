import { type Caller, reachOf } from '../../../shared/identity/index.js';
import { areasToRead, isInAreas } from '../../../shared/identity/rules.js';
import { READ_BY_AREA } from '../access/rules.js';

/** Roles whose areas count for reports: a service reports for the facilities that its token names alone. */
export const REPORT_BY_AREA: ReadonlySet<string> = new Set(['crisis-staff']);

/** The lifelines that a caller may see: of these facilities, and of facilities in these areas. */
export interface LifelineVisibility {
  facilities: readonly string[];
  areas: readonly string[];
}

/** Returns which lifelines the caller may see, if they hold `lifelines:read`. */
export function lifelineVisibilityOf(caller: Pick<Caller, 'claims'>): LifelineVisibility {
  const { facilities } = reachOf(caller, { scope: 'lifelines:read' });
  return { facilities, areas: areasToRead(READ_BY_AREA, caller, 'LIFELINES') };
}

/** Whether lifelines of a facility in an area are among the visible ones. */
export function sees(
  { facilities, areas }: LifelineVisibility,
  facility: string,
  area: string,
): boolean {
  return facilities.includes(facility) || isInAreas(areas, area);
}
