import type { ClientBase } from 'pg';
import { publish } from '../../../../shared/outbox/index.js';
import { incidentTag } from '../../access/index.js';
import { CASUALTIES_CHANGED } from './events.js';

/** Publishes that the casualties of a patient's incident changed; does nothing for a patient without one. */
export async function publishCasualties(
  db: ClientBase,
  { incidentId: incident, area }: { incidentId: string | null; area: string },
  at: Date,
): Promise<void> {
  if (incident === null) return;
  const tags = [incidentTag(incident)];
  await publish(db, [{ topic: CASUALTIES_CHANGED, entity: incident, area, tags, at }]);
}
