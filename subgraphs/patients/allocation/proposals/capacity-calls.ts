import type { CapacityLink } from '../../capacity-client/index.js';
import type { Position } from '../../steering/rules.js';
import type { KnownHouse } from './rules/supply.js';

const HOUSES = `query Houses($filter: CasualtyHouseFilter!) { casualtyHouses(filter: $filter) {
  id kind area latitude longitude traumaLevel capabilities childrenOnly capabilitiesModelled reasons
  intake { category free limit method } closures { categories needs } } }`;

const ORIGIN = `query Origin($id: ID!) { facility(id: $id) { id area position { latitude longitude } } }`;

/** A house whose patients are moved on. */
export type Origin = Position & { id: string; area: string };

/** The houses that take casualties, as capacity has them now. Throws CapacityAway. */
export async function askHouses(
  capacity: CapacityLink,
  filter: { near: Position & { km: number }; hazard: string | null },
): Promise<KnownHouse[]> {
  const { casualtyHouses } = await capacity.ask<{ casualtyHouses: KnownHouse[] }>(HOUSES, {
    filter,
  });
  return casualtyHouses;
}

/** Where a house lies; undefined when there is none. Throws CapacityAway. */
export async function askOrigin(capacity: CapacityLink, id: string): Promise<Origin | undefined> {
  const { facility } = await capacity.ask<{
    facility: { id: string; area: string; position: Position } | null;
  }>(ORIGIN, { id });
  return facility ? { id: facility.id, area: facility.area, ...facility.position } : undefined;
}
