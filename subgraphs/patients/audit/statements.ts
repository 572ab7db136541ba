import { omit, selectionOf } from '../../../shared/database/index.js';
import { auditEntryColumns } from '../generated/columns.js';

/**
 * Stores records: $1 a JSON list of Reading, each with its `position` in the list; $2 a JSON list of Reader, each with the
 * `position` of its reading; $3 the instant. Areas and facilities of the patients are looked up once for all readers of a reading.
 */
export const STORE_ENTRIES = {
  name: 'store-audit-entries',
  text: `
WITH read AS MATERIALIZED (
  SELECT r.*, coalesce(p.areas, r.areas) AS concerned_areas,
    ARRAY(SELECT unnest(r.facilities) UNION SELECT unnest(p.facilities)
      UNION SELECT f FROM transfer t, unnest(ARRAY[t.from_facility, t.to_facility]) AS f
      WHERE t.id = r.transfer AND f IS NOT NULL) AS concerned_facilities,
    coalesce(p.incident, r.incident) AS concerned_incident
  FROM jsonb_to_recordset($1::jsonb) AS r (position int, action "AuditAction", purpose "AuditPurpose", "statedPurpose" text,
    found boolean, field text, criteria jsonb, patients uuid[], count int, transfer uuid, incident uuid, roles text[],
    areas text[], facilities uuid[], "readerFacilities" uuid[])
  CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT p.area) AS areas,
      array_agg(DISTINCT p.facility_id) FILTER (WHERE p.facility_id IS NOT NULL) AS facilities,
      CASE WHEN count(DISTINCT p.incident_id) = 1 AND count(p.incident_id) = count(*) THEN min(p.incident_id::text)::uuid
      END AS incident
    FROM patient p WHERE p.id = ANY (r.patients)) AS p
)
INSERT INTO audit_entry (id, at, by, roles, action, purpose, stated_purpose, found, field, operation, criteria, patients, count,
  incident_id, transfer_id, areas, facilities, reader_facilities)
SELECT reader.id, coalesce(reader.at, $3), reader.by, read.roles, read.action, read.purpose, read."statedPurpose", read.found, read.field,
  reader.operation, read.criteria, read.patients, coalesce(reader.count, read.count), read.concerned_incident, read.transfer,
  read.concerned_areas, read.concerned_facilities, coalesce(read."readerFacilities", '{}')
FROM read JOIN jsonb_to_recordset($2::jsonb) AS reader (position int, id uuid, by text, operation text, count int, at timestamptz) USING (position)
ON CONFLICT (id) DO NOTHING`,
};

/** $1 and $2 the areas and facilities of the caller; $3 to $8 the filter, $8 the patients who have the tag. */
const MATCHES = `
  ('' = ANY ($1::text[]) OR e.facilities && $2::uuid[]
    OR EXISTS (SELECT FROM unnest(e.areas) AS a, unnest($1::text[]) AS own WHERE starts_with(a, own)))
  AND ($3::uuid IS NULL OR e.patients @> ARRAY[$3::uuid])
  AND ($4::text IS NULL OR e.by = $4)
  AND ($5::text IS NULL OR EXISTS (SELECT FROM unnest(e.areas) AS a WHERE starts_with(a, $5)))
  AND ($6::timestamptz IS NULL OR e.at >= $6) AND ($7::timestamptz IS NULL OR e.at < $7)
  AND ($8::uuid[] IS NULL OR e.patients && $8)`;

/** The patients with the tag $1. */
export const PATIENTS_TAGGED = 'SELECT array_agg(id) AS ids FROM patient WHERE tag = $1';

/** The columns that `AuditRow` has as they are stored. */
const SHOWN = omit(auditEntryColumns, 'criteria', 'areas', 'facilities');

/** $9 and $10 instant and id of the entry before the page; $11 the length of the page. */
export const ENTRIES_PAGE = `
SELECT ${selectionOf(SHOWN, 'e')}, e.criteria::text
FROM audit_entry e WHERE ${MATCHES}
  AND ($9::timestamptz IS NULL OR (e.at, e.id) < ($9, $10::uuid))
ORDER BY e.at DESC, e.id DESC LIMIT $11`;

export const ENTRIES_COUNTED = `SELECT count(*)::int AS count FROM audit_entry e WHERE ${MATCHES}`;

/** Erases the purposes that readers stated. Entries are append-only; the function runs as the owner of the table. */
export const ERASE_AUDIT_WORDS = 'SELECT erase_audit_words(id) FROM unnest($1::uuid[]) AS id';

/** Redacts the words $1, which name a person. */
export const REDACT_AUDIT = 'SELECT redact_audit_words($1::text[])';

/** Deletes audit entries before $1; at most $2. */
export const FORGET_AUDIT = 'SELECT forget_audit_entries($1::timestamptz, $2::int) AS count';
