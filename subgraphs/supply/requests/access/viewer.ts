import { type Caller, may } from '../../../../shared/identity/index.js';
import type { Viewer } from './rules.js';

/** Roles that read what every facility in the areas of their tokens requests. A supplier's or a chamber's area gives no such right. */
const AREA_READERS: ReadonlySet<string> = new Set([
  'dispatch',
  'health-office',
  'crisis-staff',
  'spoc',
]);

/** Returns how far the caller sees requests and offers. */
export function viewerOf(caller: Caller): Viewer {
  const { roles, areas, facilities, organisations } = caller.claims;
  const isSupplier = may(caller, 'supplies:offer');
  return {
    areas: roles.some((role) => AREA_READERS.has(role)) ? areas : [],
    facilities,
    suppliers: isSupplier ? [...organisations, ...facilities] : [],
    supplierAreas: isSupplier && organisations.length > 0 ? areas : [],
  };
}
