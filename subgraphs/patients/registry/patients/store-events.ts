import type { ClientBase } from 'pg';
import { publish } from '../../../../shared/outbox/index.js';
import { facilityTag, incidentTag } from '../../access/index.js';
import { PATIENTS_CONCERNED } from './statements.js';
import type { PatientTopic } from './events.js';

/** The area, incident and facilities that a patient's event carries. */
export interface PublishedPatient {
  id: string;
  area: string;
  incident: string | null;
  facilities: readonly string[];
}

/** Publishes an event for each patient in the transaction of `db`, for the facilities that the patient concerns at its end. */
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
