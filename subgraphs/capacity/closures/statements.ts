import { omit, selectionOf } from '../../../shared/database/index.js';
import { closureColumns } from '../generated/columns.js';
import { publishing, tagSql } from '../../../shared/outbox/index.js';

/** A closure as it is shown: without the persons. */
export const CLOSURE = omit(
  closureColumns,
  ...(['closedBy', 'reopenedBy', 'overriddenBy', 'endTold', 'seq'] as const),
);
const CLOSURE_COLUMNS = selectionOf(CLOSURE, 'c');

export const CLOSURES_BY_ID = `SELECT ${CLOSURE_COLUMNS} FROM closure c WHERE c.id = ANY($1::uuid[])`;

/** The closures of facilities $1 in force at $2. */
export const CLOSURES_IN_FORCE = `
SELECT ${CLOSURE_COLUMNS} FROM closure c
WHERE c.facility_id = ANY($1::uuid[]) AND c.until > $2 AND c.reopened_at IS NULL AND c.overridden_at IS NULL
ORDER BY c.closed_at DESC, c.seq DESC`;

/** Of each facility of $1 the newest $4 closures that ended by $2, but not before $3. */
export const CLOSURES_ENDED = `
SELECT ${CLOSURE_COLUMNS} FROM unnest($1::uuid[]) AS k (facility_id) CROSS JOIN LATERAL (
  SELECT * FROM closure c
  WHERE c.facility_id = k.facility_id AND c.until > $3 AND LEAST(c.until, c.reopened_at, c.overridden_at) > $3
    AND (c.until <= $2 OR c.reopened_at IS NOT NULL OR c.overridden_at IS NOT NULL)
  ORDER BY c.closed_at DESC, c.seq DESC LIMIT $4
) c ORDER BY c.closed_at DESC, c.seq DESC`;

/** Closure $1 with its facility's area and the phase there, locked until the transaction ends. */
export const CLOSURE_LOCKED = `
SELECT ${CLOSURE_COLUMNS}, f.area, phase_at(f.area) AS phase
FROM closure c JOIN facility f ON f.id = c.facility_id WHERE c.id = $1 FOR UPDATE OF c`;

export const STORE_CLOSURE = `
INSERT INTO closure (facility_id, department, urgencies, reason, hazard, closed_at, closed_by, until)
VALUES ($1, $2, $3::text[]::"Urgency"[], $4, $5, $6, $7, $8) RETURNING id`;

/** Ends closure $1, reopened at $2 or overridden at $3 for the reason $4, by $5. The caller publishes its end. */
export const END_CLOSURE = `
UPDATE closure SET end_told = true,
  reopened_at = $2::timestamptz, reopened_by = CASE WHEN $2::timestamptz IS NOT NULL THEN $5 END,
  overridden_at = $3::timestamptz, overridden_by = CASE WHEN $3::timestamptz IS NOT NULL THEN $5 END,
  override_reason = $4
WHERE id = $1`;

/** Publishes closures whose time ran out by $1 and were not published; another process's are skipped. */
export const PUBLISH_LAPSED = `
WITH due AS (
  SELECT id FROM closure WHERE until <= $1 AND NOT end_told ORDER BY id FOR UPDATE SKIP LOCKED
), lapsed AS (
  UPDATE closure c SET end_told = true FROM due WHERE c.id = due.id RETURNING c.id, c.facility_id, c.department
)
${publishing(`
SELECT 'capacity.closure-lapsed', l.id::text, f.area, ARRAY[${tagSql('facility', 'f.id')}, ${tagSql('department', 'l.department')}], $1::timestamptz
FROM lapsed l JOIN facility f ON f.id = l.facility_id ORDER BY l.id`)}`;
