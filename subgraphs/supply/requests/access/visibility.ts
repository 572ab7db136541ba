import { type Caller, reachOf } from '../../../../shared/identity/index.js';
import { areasToRead } from '../../../../shared/identity/rules.js';
import { READ_BY_AREA } from '../../access/rules.js';
import type { RequestVisibility } from './rules.js';

/** Returns how far the caller sees requests and offers. */
export function requestVisibilityOf(caller: Caller): RequestVisibility {
  const supplying = reachOf(caller, { scope: 'supplies:offer' });
  return {
    areas: areasToRead(READ_BY_AREA, caller, 'REQUESTS'),
    facilities: reachOf(caller, {}).facilities,
    suppliers: [...supplying.organisations, ...supplying.facilities],
    supplierAreas: supplying.organisations.length > 0 ? supplying.areas : [],
  };
}
