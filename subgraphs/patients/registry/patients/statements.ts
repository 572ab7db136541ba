import { anyOf } from '../../database/database.js';
import { seqOf } from '../../lists/page.js';

/** A patient as PatientRow has him; `p` is the row. */
export const PATIENT_COLUMNS = `
  p.id, p.tag, p.incident_id AS incident, p.facility_id AS facility, p.area, p.section_id AS section,
  p.category::text, p.by_physician AS "byPhysician", p.triaged_at AS "triagedAt", p.retriage_at AS "retriageAt",
  p.transport_priority AS "transportPriority", p.needs::text[], p.ventilated, p.physician_escort AS "physicianEscort",
  p.transportable,
  p.pzc, p.latitude, p.longitude, p.origin::text, p.registered_at AS "registeredAt", p.died_at AS "diedAt",
  p.erased_at AS "erasedAt"`;

/** $1 the ids; $2 and $3 whose patients the caller may know of. */
export const PATIENTS_BY_ID = `
  SELECT ${PATIENT_COLUMNS} FROM patient p
  WHERE p.id = ${anyOf('$1')} AND may_see(p.id, p.area, $2, $3)`;

/**
 * $1 the incident; $2 and $3 as above; $4 by when they are to be triaged again, or null for all; $5 and $6 behind whom
 * the page begins; $7 its length.
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
 * A patient whom the caller may see, locked until the transaction ends, and the houses that have him. $1 the id; $2 and $3
 * as above. One row or none: a hidden patient is as good as a missing one.
 */
export const PATIENT_LOCKED = `
  SELECT ${PATIENT_COLUMNS}, ARRAY(SELECT treating_facilities(p.id, false)) AS treating FROM patient p
  WHERE p.id = $1 AND may_see(p.id, p.area, $2, $3)
  FOR NO KEY UPDATE`;

/** What the events of patients carry. $1 the ids. */
export const PATIENTS_CONCERNED = `
  SELECT p.id, p.area, p.incident_id AS incident, ARRAY(SELECT concerned_facilities(p.id)) AS facilities
  FROM patient p WHERE p.id = ${anyOf('$1')}`;

/**
 * Stores casualties whose tag is free and returns them. They are taken in the order of their tags, so that two calls with
 * the same tags never wait for each other in a circle, and of two equal tags in one call the first is stored. They are
 * numbered in the order of the call before.
 */
export const STORE_PATIENTS = `
  INSERT INTO patient (incident_id, registered_in, facility_id, area, registered_at, registered_by, seq, id, tag,
    section_id, category, by_physician, triaged_at, retriage_at, died_at, transport_priority, needs, ventilated, physician_escort, pzc,
    latitude, longitude, origin)
  SELECT $1::uuid, $2::uuid, $2::uuid, $3, $4::timestamptz, $5, seq, id, tag, section, category, "byPhysician", "triagedAt",
    "retriageAt", "diedAt", "transportPriority", needs, ventilated, "physicianEscort", pzc, latitude, longitude, origin
  FROM (SELECT *, nextval(pg_get_serial_sequence('patient', 'seq')) AS seq FROM ROWS FROM (jsonb_to_recordset($6::jsonb) AS (id uuid, tag text, section uuid, category "TriageCategory",
    "byPhysician" boolean, "triagedAt" timestamptz, "retriageAt" timestamptz, "diedAt" timestamptz,
    "transportPriority" boolean, needs "Need"[], ventilated boolean, "physicianEscort" boolean, pzc text, latitude float8,
    longitude float8, origin "PatientOrigin")) WITH ORDINALITY AS c (id, tag, section, category, "byPhysician", "triagedAt",
    "retriageAt", "diedAt", "transportPriority", needs, ventilated, "physicianEscort", pzc, latitude, longitude, origin,
    place)) AS c
  ORDER BY tag, place
  ON CONFLICT DO NOTHING RETURNING id`;

export const STORE_IDENTITIES = `
  INSERT INTO patient_identity (patient_id, key_id, nonce, sealed)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[])`;

/** The first triage of each patient. */
export const STORE_ASSESSMENTS = `
  INSERT INTO triage_assessment (patient_id, category, method, by_physician, decisive, at, by)
  SELECT id, category::"TriageCategory", method::"TriageMethod", by_physician, true, $5::timestamptz, $6
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[]) AS a (id, category, method, by_physician)`;

/** Who wears these tags in the incident $1 or the house $2. */
export const WEARERS = `
  SELECT p.id, p.tag FROM patient p
  WHERE (p.incident_id = $1::uuid OR p.registered_in = $2::uuid) AND p.tag = ANY ($3::text[])`;
