import { type Caller, may } from '../../../../shared/identity/index.js';
import { areasToRead } from '../../../../shared/identity/rules.js';
import { READ_BY_AREA } from '../../access/rules.js';
import type { RequestVisibility } from './rules.js';

/** Returns how far the caller sees requests and offers. */
export function requestVisibilityOf(caller: Caller): RequestVisibility {
  const { areas, facilities, organisations } = caller.claims;
  const isSupplier = may(caller, 'supplies:offer');
  return {
    areas: areasToRead(READ_BY_AREA, caller.claims, 'REQUESTS'),
    facilities,
    suppliers: isSupplier ? [...organisations, ...facilities] : [],
    supplierAreas: isSupplier && organisations.length > 0 ? areas : [],
  };
}
