import { type Caller, may } from '../../../shared/identity/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import { areasToRead, isInAreas } from '../../../shared/identity/rules.js';
import { READ_BY_AREA } from '../access/rules.js';
import type { Holder } from './rules.js';

/** The holder of a stock, and where it is. */
export interface LocatedHolder {
  holder: Holder;
  /** AGS of its Kreis. */
  area: string;
}

/** Roles that act for a facility which their token names. */
const ACT_FOR_FACILITIES = ['hospital', 'service'];

/** The stocks that a caller sees: those of the named holders, and those in areas. Areas are AGS prefixes. */
export interface StockVisibility {
  holders: readonly string[];
  facilityAreas: readonly string[];
  organisationAreas: readonly string[];
}

/**
 * Returns which stocks the caller sees. The stocks of facilities are a list of targets, and those of suppliers are secrets of their trade:
 * the areas of a token count for dispatch and authorities alone.
 */
export function stockVisibilityOf({ claims }: Caller): StockVisibility {
  const { roles, facilities, organisations } = claims;
  return {
    holders: [
      ...(roles.some((role) => ACT_FOR_FACILITIES.includes(role)) ? facilities : []),
      ...organisations,
    ].filter(isUuid),
    facilityAreas: areasToRead(READ_BY_AREA, claims, 'FACILITY_STOCKS'),
    organisationAreas: areasToRead(READ_BY_AREA, claims, 'ORGANISATION_STOCKS'),
  };
}

export function seesStocksOf(
  { holders, facilityAreas, organisationAreas }: StockVisibility,
  { holder, area }: LocatedHolder,
): boolean {
  const id = 'facility' in holder ? holder.facility : holder.organisation;
  const areas = 'facility' in holder ? facilityAreas : organisationAreas;
  return holders.includes(id) || isInAreas(areas, area);
}

/**
 * Returns whether the caller may book for a holder: the holder itself, a service that names it, and for a facility also crisis staff
 * of its area. Nobody else books for an organisation.
 */
export function mayBookFor(caller: Caller, { holder, area }: LocatedHolder): boolean {
  if (!may(caller, 'stocks:book')) return false;
  const { roles, areas, facilities, organisations } = caller.claims;
  if ('organisation' in holder) return organisations.includes(holder.organisation);
  if (facilities.includes(holder.facility)) {
    return roles.some((role) => ACT_FOR_FACILITIES.includes(role));
  }
  return roles.includes('crisis-staff') && isInAreas(areas, area);
}
