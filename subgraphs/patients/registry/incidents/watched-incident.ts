import { throwIfFault } from '../../../../shared/errors/index.js';
import { unknownIncident } from './rules.js';
import type { IncidentStore } from './store.js';

/** Throws BAD_USER_INPUT for an incident that does not exist: a subscription to it would never deliver anything. */
export async function requireIncident(
  incident: string | null | undefined,
  incidents: IncidentStore,
): Promise<void> {
  if (incident == null || (await incidents.find(incident))) return;
  throwIfFault(unknownIncident(incident).message);
}
