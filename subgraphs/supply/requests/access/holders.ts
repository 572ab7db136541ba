import type { FacilityStore } from '../../facilities/index.js';
import { unknownFacility } from '../../facilities/rules.js';
import type { OrganisationStore } from '../../organisations/index.js';
import { unknownOrganisation } from '../../organisations/rules.js';
import { type Caller, forbidden, may, permit } from '../../../../shared/identity/index.js';
import type { HolderColumns } from './rules.js';

/** A holder as an input names it: exactly one of the two. */
interface NamedHolder {
  organisation?: string | null | undefined;
  facility?: string | null | undefined;
}

/**
 * Returns the holder that an input names and that the caller acts for, or the refusal of an unknown one. Throws FORBIDDEN for callers who do
 * not act for it: an area gives no right to act for a supplier in it.
 */
export async function ownHolder(
  { organisation, facility }: NamedHolder,
  scope: string,
  {
    caller,
    organisations,
    facilities,
  }: { caller: Caller; organisations: OrganisationStore; facilities: FacilityStore },
) {
  if (organisation != null) {
    const found = await organisations.find(organisation);
    if (!found) return unknownOrganisation(organisation);
    permit(caller, scope, { organisation });
    return { organisationId: organisation, facilityId: null, area: found.area };
  }
  const area = await facilities.areaOf(facility!);
  if (area === undefined) return unknownFacility(facility!);
  permit(caller, scope, { facility: facility! });
  return { organisationId: null, facilityId: facility!, area };
}

/** Throws FORBIDDEN unless the caller acts for the holder. */
export function permitHolder(
  caller: Caller,
  scope: string,
  { organisationId, facilityId }: HolderColumns,
): void {
  permit(
    caller,
    scope,
    organisationId === null ? { facility: facilityId! } : { organisation: organisationId },
  );
}

/**
 * Throws FORBIDDEN unless the caller receives what was requested. Those receive who may request it: a supplier's area gives no right to
 * receive for the facilities in it, nor does the area of a role that receives nothing.
 */
export function permitReceiver(
  caller: Caller,
  { facilityId: facility, area }: { facilityId: string; area: string },
): void {
  const isRequester = may(caller, 'supplies:request', { facility, area });
  if (!isRequester || !may(caller, 'shipments:receive', { facility, area }))
    throw forbidden(caller, 'shipments:receive');
}
