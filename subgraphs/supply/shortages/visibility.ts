import { type Caller, reachOf } from '../../../shared/identity/index.js';
import { areasToRead } from '../../../shared/identity/rules.js';
import { READ_BY_AREA } from '../access/rules.js';

/** Returns the areas (AGS prefixes) of which the caller reads needs: of all as a supplier, of its own as an authority or dispatch. */
export function areasOfNeeds(caller: Pick<Caller, 'claims'>): readonly string[] {
  if (reachOf(caller, { scope: 'supplies:offer' }).organisations.length > 0) return [''];
  return areasToRead(READ_BY_AREA, caller, 'FACILITY_STOCKS');
}
