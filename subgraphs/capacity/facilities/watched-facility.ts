import { throwIfFault } from '../../../shared/errors/index.js';
import { unknownFacility } from '../../../shared/validation/rules.js';
import type { FacilityStore } from './store.js';

/** Throws BAD_USER_INPUT for a facility that does not exist, of which a watcher would never receive an event. */
export async function requireFacility(
  facility: string | null | undefined,
  facilities: FacilityStore,
): Promise<void> {
  if (facility == null || (await facilities.find(facility))) return;
  throwIfFault(unknownFacility(facility).message);
}
