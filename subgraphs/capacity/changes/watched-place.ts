import { callersFault } from '../../../shared/errors/callers-fault.js';
import { areaFault, isArea } from '../facilities/rules.js';
import type { FacilityStore } from '../facilities/store.js';

/** What a watcher narrows his watch to. */
interface Watched {
  area: string | null | undefined;
  facility: string | null | undefined;
}

/** Throws BAD_USER_INPUT for what would be silent for ever: an area that is none, a facility that does not exist. */
export async function refuseSilence(
  { area, facility }: Watched,
  facilities: FacilityStore,
): Promise<void> {
  if (area != null && !isArea(area)) throw callersFault('BAD_USER_INPUT', areaFault(area));
  if (facility == null || (await facilities.find(facility))) return;
  throw callersFault(
    'BAD_USER_INPUT',
    'No facility has this id, so nothing of it would ever change. Take the id from `facilities`.',
  );
}
