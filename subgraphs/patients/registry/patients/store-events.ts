import type { ClientBase } from 'pg';
import { publish } from '../../../../shared/outbox/index.js';
import { facilityTag, incidentTag } from '../../access/index.js';
import { PATIENTS_CONCERNED } from './statements.js';
import type { PatientTopic } from './topics.js';

/** What an event of a patient says of whom he concerns. */
export interface PublishedPatient {
  id: string;
  area: string;
  incident: string | null;
  facilities: readonly string[];
}

/** Writes an event for each patient, in the transaction that `db` is in, with whom he concerns at its end. */
export async function publishPatients(
  db: ClientBase,
  topic: PatientTopic,
  ids: readonly string[],
  at: Date,
): Promise<PublishedPatient[]> {
  const { rows } = await db.query<PublishedPatient>({
    name: 'patients-concerned',
    text: PATIENTS_CONCERNED,
    values: [ids],
  });
  await publish(
    db,
    rows.map((patient) => eventOf(patient, topic, at)),
  );
  return rows;
}

export function eventOf(
  { id, area, incident, facilities }: PublishedPatient,
  topic: PatientTopic,
  at: Date,
) {
  const tags = [
    ...(incident === null ? [] : [incidentTag(incident)]),
    ...facilities.map(facilityTag),
  ];
  return { topic, entity: id, area, tags, at };
}
