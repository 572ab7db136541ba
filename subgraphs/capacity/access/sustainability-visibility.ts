import { type Caller, reachOf } from '../../../shared/identity/index.js';
import { areasToRead, isInAreas } from '../../../shared/identity/rules.js';
import { isUuid } from '../../../shared/validation/rules.js';
import { READ_BY_AREA } from './rules.js';

/** Where a caller knows why beds cannot be sustained, and from when on: together these hours are a list of targets. */
export interface SustainabilityVisibility {
  /** Facilities that the caller acts for. */
  facilities: readonly string[];
  /** AGS prefixes in which the caller reads those of every facility. */
  areas: readonly string[];
}

export function sustainabilityVisibilityOf(caller: Caller): SustainabilityVisibility {
  const { facilities } = reachOf(caller, { scope: 'sustainability:read' });
  return {
    facilities: facilities.filter(isUuid),
    areas: areasToRead(READ_BY_AREA, caller, 'SUSTAINABILITY'),
  };
}

/** Whether the caller knows the hours of a facility in a Kreis; the list for review selects rows by the same. */
export function seesSustainability(
  { facilities, areas }: SustainabilityVisibility,
  facility: string,
  area: string,
): boolean {
  return facilities.includes(facility) || isInAreas(areas, area);
}
