import { callersFault } from '../../../shared/errors/callers-fault.js';
import { areaFault, isArea } from '../facilities/rules.js';
import type { IncidentStore } from './store.js';

/** Throws BAD_USER_INPUT for what would be silent for ever: an area that is none, an incident that does not exist. */
export async function refuseSilence(
  { area, incident }: { area?: string | null | undefined; incident?: string | null | undefined },
  incidents: IncidentStore,
): Promise<void> {
  if (area != null && !isArea(area)) throw callersFault('BAD_USER_INPUT', areaFault(area));
  if (incident == null || (await incidents.find(incident))) return;
  throw callersFault(
    'BAD_USER_INPUT',
    'No incident has this id, so nothing of it would ever change. Take the id from `incidents`.',
  );
}
