import { callersFault } from '../../../shared/errors/index.js';
import type { FacilityStore } from './store.js';

/** Throws BAD_USER_INPUT for a facility that does not exist, of which a watcher would never receive an event. */
export async function requireFacility(
  facility: string | null | undefined,
  facilities: FacilityStore,
): Promise<void> {
  if (facility == null || (await facilities.find(facility))) return;
  throw callersFault(
    'BAD_USER_INPUT',
    'No facility has this id, so nothing of it would ever change. Take the id from `facilities`.',
  );
}
