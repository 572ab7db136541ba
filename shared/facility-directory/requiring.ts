import { throwIfFault } from '../errors/index.js';
import { unknownFacility } from '../validation/rules.js';
import type { FacilityStore } from './store.js';

/** Throws BAD_USER_INPUT where a subscriber names a facility that does not exist: nothing of it would ever be delivered. */
export async function requireFacility(
  facility: string | null | undefined,
  facilities: FacilityStore,
): Promise<void> {
  if (facility == null || (await facilities.areaOf(facility)) !== undefined) return;
  throwIfFault(unknownFacility(facility).message);
}
