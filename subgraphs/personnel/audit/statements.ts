import { omit, selectionOf } from '../../../shared/database/index.js';
import { auditEntryColumns } from '../generated/columns.js';

/**
 * Stores an entry: $1 instant, $2 pseudonym, $3 roles, $4 action, $5 field, $6 people, $7 whether anything was disclosed or changed, $8 number,
 * $9 areas and $10 facilities of the reader. Where it names people who are registered, their home areas and employers are those of the entry.
 */
export const STORE_ENTRY = `
INSERT INTO audit_entry (at, by, roles, action, field, people, found, count, areas, facilities, reader_facilities)
SELECT $1::timestamptz, $2::text, $3::text[], $4::"AuditAction", $5::text, $6::uuid[], $7::boolean, $8::int,
  coalesce(p.areas, $9::text[]), coalesce(p.facilities, '{}') || $10::uuid[], $10::uuid[]
FROM (
  SELECT array_agg(DISTINCT p.home_area) AS areas,
    array_agg(DISTINCT p.employer_facility) FILTER (WHERE p.employer_facility IS NOT NULL) AS facilities
  FROM professional p WHERE p.id = ANY ($6)
) AS p`;

/** $1 and $2 the areas and facilities of the caller; $3 to $8 the filter. */
const MATCHES = `
  ('' = ANY ($1::text[]) OR e.facilities && $2::uuid[]
    OR EXISTS (SELECT FROM unnest(e.areas) AS a, unnest($1::text[]) AS own WHERE starts_with(a, own)))
  AND ($3::uuid IS NULL OR e.people @> ARRAY[$3::uuid])
  AND ($4::text IS NULL OR e.by = $4)
  AND ($5::uuid IS NULL OR e.facilities @> ARRAY[$5::uuid])
  AND ($6::text IS NULL OR EXISTS (SELECT FROM unnest(e.areas) AS a WHERE starts_with(a, $6)))
  AND ($7::timestamptz IS NULL OR e.at >= $7) AND ($8::timestamptz IS NULL OR e.at < $8)`;

/** $9 and $10 instant and id of the entry before the page; $11 the length of the page. */
export const ENTRIES_PAGE = `
SELECT ${selectionOf(omit(auditEntryColumns, 'areas', 'facilities'), 'e')}
FROM audit_entry e WHERE ${MATCHES}
  AND ($9::timestamptz IS NULL OR (e.at, e.id) < ($9, $10::uuid))
ORDER BY e.at DESC, e.id DESC LIMIT $11`;

export const ENTRIES_COUNTED = `SELECT count(*)::int AS count FROM audit_entry e WHERE ${MATCHES}`;

/** Deletes audit entries before $1; at most $2. */
export const FORGET_AUDIT = 'SELECT forget_audit_entries($1::timestamptz, $2::int) AS count';
