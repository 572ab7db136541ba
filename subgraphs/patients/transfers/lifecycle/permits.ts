import { type Caller, forbidden, may } from '../../../../shared/identity/index.js';

/** Throws FORBIDDEN unless the caller belongs to those who may see transfers at all; which ones is in every statement. */
export function permitSeeing(caller: Caller): void {
  if (may(caller, 'patients:read') || may(caller, 'transfers:approve')) return;
  throw forbidden(caller, 'patients:read');
}
