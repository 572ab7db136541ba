import type { SubgraphClient } from '../../../../shared/subgraph-client/index.js';
import {
  CasualtyFacilitiesDocument,
  type CasualtyFacilityFilter,
  OriginFacilityDocument,
} from '../../capacity-client/index.js';
import type { Position } from '../../steering/rules.js';
import type { CasualtyFacility } from './rules/supply.js';

/** A facility whose patients are distributed to others. */
export type OriginFacility = Position & { id: string; area: string };

/** Returns the facilities that accept casualties, as capacity has them now. Throws SubgraphUnavailable. */
export async function casualtyFacilities(
  capacity: SubgraphClient,
  filter: CasualtyFacilityFilter,
): Promise<readonly CasualtyFacility[]> {
  const { casualtyFacilities } = await capacity.request(CasualtyFacilitiesDocument, { filter });
  if (casualtyFacilities === null)
    throw new Error('capacity does not let this service see the intake');
  return casualtyFacilities;
}

/** Returns a facility with its position; undefined when there is none. Throws SubgraphUnavailable. */
export async function originFacility(
  capacity: SubgraphClient,
  id: string,
): Promise<OriginFacility | undefined> {
  const { facility } = await capacity.request(OriginFacilityDocument, { id });
  if (!facility || facility.area === null || facility.position === null) return undefined;
  return { id: facility.id, area: facility.area, ...facility.position };
}
