import { type Caller, forbidden, may } from '../../../../shared/identity/index.js';

/** Throws FORBIDDEN unless the role of the caller may see transfers at all; the statements select which ones. */
export function permitSeeing(caller: Caller): void {
  if (may(caller, 'patients:read') || may(caller, 'transfers:approve')) return;
  throw forbidden(caller, 'patients:read');
}
