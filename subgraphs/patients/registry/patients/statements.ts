import { patientColumns } from '../../generated/columns.js';
import {
  anyOf,
  jsonRecordsOf,
  namesOf,
  omit,
  pick,
  selectionOf,
} from '../../../../shared/database/index.js';
import { seqOf } from '../../../../shared/lists/index.js';

/** The columns of PatientRow; `p` is the row. */
export const PATIENT_COLUMNS = selectionOf(
  omit(patientColumns, 'registeredIn', 'registeredBy', 'retriagePublished', 'seq'),
  'p',
);

/** $1 the ids; $2 and $3 areas and facilities whose patients the caller may see. */
export const PATIENTS_BY_ID = `
  SELECT ${PATIENT_COLUMNS} FROM patient p
  WHERE p.id = ${anyOf('$1')} AND may_see(p.id, p.area, $2, $3)`;

/**
 * $1 the incident; $2 and $3 areas and facilities whose patients the caller may see; $4 instant by which the next triage is due,
 * or null for all; $5 and $6 instant and id of the patient before the page; $7 the length of the page.
 */
export const PATIENTS_OF_INCIDENT = `
  SELECT p.id, p.registered_at AS at FROM patient p
  WHERE p.incident_id = $1 AND may_see(p.id, p.area, $2, $3) AND ($4::timestamptz IS NULL OR p.retriage_at <= $4)
    AND ($5::timestamptz IS NULL OR (p.registered_at, p.seq) > ($5, ${seqOf('patient', '$6')}))
  ORDER BY p.registered_at, p.seq LIMIT $7`;

export const PATIENTS_OF_INCIDENT_COUNTED = `
  SELECT count(*)::int AS count FROM patient p
  WHERE p.incident_id = $1 AND may_see(p.id, p.area, $2, $3) AND ($4::timestamptz IS NULL OR p.retriage_at <= $4)`;

/**
 * A patient whom the caller may see, locked until the transaction ends, with the facilities that treat the patient. $1 the id;
 * $2 and $3 areas and facilities whose patients the caller may see. One row or none: a hidden patient reads as a missing one.
 */
export const PATIENT_LOCKED = `
  SELECT ${PATIENT_COLUMNS}, ARRAY(SELECT treating_facilities(p.id, false)) AS treating FROM patient p
  WHERE p.id = $1 AND may_see(p.id, p.area, $2, $3)
  FOR NO KEY UPDATE`;

/** The area, incident and facilities that the events of patients $1 carry. */
export const PATIENTS_CONCERNED = `
  SELECT p.id, p.area, p.incident_id AS incident, ARRAY(SELECT concerned_facilities(p.id)) AS facilities
  FROM patient p WHERE p.id = ${anyOf('$1')}`;

/** The columns of a patient that differ between the casualties of one call. */
export const REGISTERED = pick(
  patientColumns,
  ...([
    'id',
    'tag',
    'sectionId',
    'category',
    'byPhysician',
    'triagedAt',
    'retriageAt',
    'diedAt',
  ] as const),
  ...(['transportPriority', 'needs', 'ventilated', 'physicianEscort', 'pzc', 'latitude'] as const),
  ...(['longitude', 'origin'] as const),
);

/**
 * Stores casualties whose tag is free and returns their ids: $1 the incident, $2 the facility, $3 the area, $4 when, $5 by whom, $6 the
 * casualties. It inserts them in the order of their tags, so that two calls with the same tags cannot deadlock, and stores the first of
 * two equal tags of one call. `seq` follows the order of the call.
 */
export const STORE_PATIENTS = `
  INSERT INTO patient (incident_id, registered_in, facility_id, area, registered_at, registered_by, seq, ${namesOf(REGISTERED)})
  SELECT $1::uuid, $2::uuid, $2::uuid, $3, $4::timestamptz, $5, seq, ${namesOf(REGISTERED)}
  FROM (
    SELECT *, nextval(pg_get_serial_sequence('patient', 'seq')) AS seq FROM ${jsonRecordsOf(REGISTERED, 6)}
  ) AS c
  ORDER BY tag, ordinality
  ON CONFLICT DO NOTHING RETURNING id`;

/** The patients with the tags $3 in the incident $1 or the facility $2. */
export const PATIENTS_WITH_TAGS = `
  SELECT p.id, p.tag FROM patient p
  WHERE (p.incident_id = $1::uuid OR p.registered_in = $2::uuid) AND p.tag = ANY ($3::text[])`;

export const CHANGE_TRIAGE = `
  UPDATE patient SET category = $2::"TriageCategory", by_physician = $3, triaged_at = $4, retriage_at = $5,
    retriage_told = false, died_at = $6, transport_priority = $7, transportable = $8
  WHERE id = $1`;

export const CHANGE_CARE = `
  UPDATE patient SET needs = $2::"Need"[], ventilated = $3, physician_escort = $4, pzc = $5 WHERE id = $1`;

/** Marks patients whose next triage is due by $1. Several processes may run it at once: one of them gets each row. */
export const MARK_DUE = `
  WITH due AS (
    SELECT p.id FROM patient p WHERE p.retriage_at <= $1 AND NOT p.retriage_told FOR NO KEY UPDATE SKIP LOCKED)
  UPDATE patient p SET retriage_told = true FROM due WHERE p.id = due.id RETURNING p.id`;

/** Moves patient $1 to facility $2, or on the way (null). Another facility decides again whether the patient is transportable. */
export const MOVE_PATIENT = {
  name: 'move-patient',
  text: `
UPDATE patient SET facility_id = $2, section_id = NULL, transportable = CASE WHEN $2::uuid IS NULL THEN transportable END
WHERE id = $1`,
};

/** Records that a physician pronounced patient $1 dead at $2: EX, and never due for another triage. */
export const STORE_DEATH = {
  name: 'store-death',
  text: `
UPDATE patient SET died_at = $2, category = 'EX', by_physician = true, triaged_at = $2, retriage_at = NULL WHERE id = $1`,
};

/** Gives patients $1 a tag that no card has, a PZC without the age (as `pzcWithoutAge`) and no position. */
export const ERASE_TRACES = `
  UPDATE patient SET tag = 'erased-' || left(replace(gen_random_uuid()::text, '-', ''), 16), pzc = left(pzc, 3) || 'xx' || substr(pzc, 6),
    latitude = NULL, longitude = NULL
  WHERE id = ANY ($1::uuid[])`;

/** Marks patients $1 as erased at $2: from then on triggers drop free text about them. */
export const MARK_ERASED = 'UPDATE patient SET erased_at = $2 WHERE id = ANY ($1::uuid[])';
