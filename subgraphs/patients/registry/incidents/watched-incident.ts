import { callersFault } from '../../../../shared/errors/index.js';
import type { IncidentStore } from './store.js';

/** Throws BAD_USER_INPUT for an incident that does not exist, of which a watcher would never hear anything. */
export async function requireIncident(
  incident: string | null | undefined,
  incidents: IncidentStore,
): Promise<void> {
  if (incident == null || (await incidents.find(incident))) return;
  throw callersFault(
    'BAD_USER_INPUT',
    'No incident has this id, so nothing of it would ever change. Take the id from `incidents`.',
  );
}
