import { callersFault } from '../../../../shared/errors/index.js';
import type { IncidentStore } from './store.js';

/** Throws BAD_USER_INPUT for an incident that does not exist: a subscription to it would never deliver anything. */
export async function requireIncident(
  incident: string | null | undefined,
  incidents: IncidentStore,
): Promise<void> {
  if (incident == null || (await incidents.find(incident))) return;
  throw callersFault(
    'BAD_USER_INPUT',
    'No incident has this id, so the subscription would never deliver a change. Use an id from `incidents`.',
  );
}
