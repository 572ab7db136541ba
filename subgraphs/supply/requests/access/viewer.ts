import { type Caller, may } from '../../../../shared/identity/index.js';
import { areasToRead } from '../../access/rules.js';
import type { Viewer } from './rules.js';

/** Returns how far the caller sees requests and offers. */
export function viewerOf(caller: Caller): Viewer {
  const { areas, facilities, organisations } = caller.claims;
  const isSupplier = may(caller, 'supplies:offer');
  return {
    areas: areasToRead(caller.claims, 'REQUESTS'),
    facilities,
    suppliers: isSupplier ? [...organisations, ...facilities] : [],
    supplierAreas: isSupplier && organisations.length > 0 ? areas : [],
  };
}
