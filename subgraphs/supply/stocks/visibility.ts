import { type Caller, reachOf } from '../../../shared/identity/index.js';
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
const ACT_FOR_FACILITIES: ReadonlySet<string> = new Set(['hospital', 'service']);
/** Roles that book for every facility in their areas. */
const BOOK_BY_AREA: ReadonlySet<string> = new Set(['crisis-staff']);

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
export function stockVisibilityOf(caller: Caller): StockVisibility {
  return {
    holders: [
      ...reachOf(caller, { roles: ACT_FOR_FACILITIES }).facilities,
      ...reachOf(caller, {}).organisations,
    ].filter(isUuid),
    facilityAreas: areasToRead(READ_BY_AREA, caller, 'FACILITY_STOCKS'),
    organisationAreas: areasToRead(READ_BY_AREA, caller, 'ORGANISATION_STOCKS'),
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
  const scope = 'stocks:book';
  if ('organisation' in holder) {
    return reachOf(caller, { scope }).organisations.includes(holder.organisation);
  }
  const acting = reachOf(caller, { scope, roles: ACT_FOR_FACILITIES });
  if (acting.facilities.includes(holder.facility)) return true;
  const { areas } = reachOf(caller, { scope, roles: BOOK_BY_AREA });
  return isInAreas(areas, area);
}
