import { anyOf } from '../../../../shared/database/index.js';
import { publishing, tagSql } from '../../../../shared/outbox/index.js';

/**
 * Creates transfers: $1 the kind, $2 the bed category, $3 the status, $4 the instant, $5 by whom; $6 to $11 a column each: the
 * patients, their destinations with their areas, their reservations, and the instants by which they should be decided.
 */
export const STORE_TRANSFERS = {
  name: 'store-transfers',
  text: `
INSERT INTO transfer (kind, bed_category, patient_id, incident_id, status, status_at, from_facility, from_area, to_facility,
  to_area, attempt, reservation_id, reservation_item, due_at, created_at, created_by)
SELECT $1::"TransferKind", $2::"BedCategory", p.id, p.incident_id, $3::"TransferStatus", $4, p.facility_id,
  coalesce(f.area, p.area), n.facility, n.area, CASE WHEN n.facility IS NULL THEN 0 ELSE 1 END, n.reservation, n.item, n.due,
  $4, $5
FROM unnest($6::uuid[], $7::uuid[], $8::text[], $9::uuid[], $10::uuid[], $11::timestamptz[])
  WITH ORDINALITY AS n (patient, facility, area, reservation, item, due, position)
JOIN patient p ON p.id = n.patient LEFT JOIN facility_place f ON f.id = p.facility_id
ORDER BY n.position
RETURNING id, patient_id AS patient`,
};

/** The steps of created transfers: $1 to $3 a column each, $4 the statuses, $5 when, $6 by whom, $7 by which act. */
export const STORE_CREATED_STEPS = {
  name: 'store-created-steps',
  text: `
INSERT INTO transfer_step (transfer_id, position, status, at, by, reason, facility, act, attempt)
SELECT n.id, s.position, s.status::"TransferStatus", $5, $6, n.reason, n.facility, $7::text,
  CASE WHEN $7::text IS NULL THEN NULL WHEN n.facility IS NULL THEN 0 ELSE 1 END
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS n (id, facility, reason),
  unnest($4::text[]) WITH ORDINALITY AS s (status, position)`,
};

/** Created transfers $1 are approved for the origin: $2 when, $3 by whom. */
export const STORE_CREATED_APPROVALS = {
  name: 'store-created-approvals',
  text: `
INSERT INTO transfer_approval (transfer_id, level, area, at, by)
SELECT t.id, 'ORIGIN', t.from_area, $2, $3 FROM transfer t WHERE t.id = ${anyOf('$1')}`,
};

/**
 * Stores a step: the transfer, where every column that a step may change is written every time, and the statuses $14
 * that it led through.
 */
export const STORE_STEP = {
  name: 'store-step',
  text: `
WITH moved AS (
  UPDATE transfer SET status = $2, status_at = $3, to_facility = $4, to_area = $5, attempt = $6, reservation_id = $7,
    reservation_item = $8, place_until = $9, vehicle_id = $10, means = $11, estimated_arrival = $12, due_at = $13,
    escalated_at = NULL
  WHERE id = $1
)
INSERT INTO transfer_step (transfer_id, position, status, at, by, reason, facility, act, attempt)
SELECT $1, before.steps + s.number, s.status::"TransferStatus", $3, $15, $16, $17, $18, $6
FROM unnest($14::text[]) WITH ORDINALITY AS s (status, number),
  (SELECT count(*)::int AS steps FROM transfer_step WHERE transfer_id = $1) AS before`,
};

export const STORE_RESERVATION = {
  name: 'store-reservation',
  text: `
UPDATE transfer SET reservation_id = $2, reservation_item = $3, place_until = $4 WHERE id = $1`,
};

export const STORE_APPROVAL = {
  name: 'store-approval',
  text: `
INSERT INTO transfer_approval (transfer_id, level, area, at, by, reason) VALUES ($1, $2, $3, $4, $5, $6)`,
};

/**
 * Publishes changed transfers: $1 the ids, $2 the change, $3 the instant, $4 facilities concerned until now.
 * Subscribers filter by the tags, and their visibility is checked by them.
 */
export const PUBLISH_TRANSFERS = {
  name: 'publish-transfers',
  text: publishing(`
SELECT $2::text, t.id::text, p.area, array_remove(ARRAY[
    ${tagSql('kind', 't.kind')}, ${tagSql('from', 't.from_area')}, ${tagSql('to', 't.to_area')},
    ${tagSql('incident', 't.incident_id')}, ${tagSql('patient', 'p.id')}
  ] || ARRAY(SELECT ${tagSql('facility', 'f')} FROM (
    SELECT concerned_facilities(p.id) UNION SELECT unnest($4::uuid[])
    UNION SELECT unnest(ARRAY[t.from_facility, t.to_facility]) WHERE t.status = 'HANDED_OVER') AS c (f)), NULL), $3::timestamptz
FROM transfer t JOIN patient p ON p.id = t.patient_id WHERE t.id = ${anyOf('$1')} ORDER BY t.id`),
};

/**
 * Transfers without a decision by $1 that were not reported yet, the longest overdue first; rows that another process
 * has locked are skipped, and the rest is reported by the next run.
 */
export const ESCALATE = {
  name: 'escalate',
  text: `
WITH due AS (
  SELECT id FROM transfer WHERE due_at <= $1 AND escalated_at IS NULL ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT 500)
UPDATE transfer t SET escalated_at = $1 FROM due WHERE t.id = due.id RETURNING t.id`,
};

/** Transfers whose slot lapsed by $1 before the patient was on board. */
export const LAPSING = {
  name: 'lapsing',
  text: `
SELECT id FROM transfer WHERE place_until <= $1 AND status IN ('ACCEPTED', 'TRANSPORT_SOUGHT', 'TRANSPORT_ASSIGNED')
ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 500`,
};

/** The transfers of the patients $1. */
const OF_PATIENTS = '(SELECT t.id FROM transfer t WHERE t.patient_id = ANY ($1::uuid[]))';

/** The reasons of steps: accepted, refused, diverted, cancelled. */
export const ERASE_STEP_REASONS = `
  UPDATE transfer_step SET reason = NULL WHERE transfer_id IN ${OF_PATIENTS} AND reason IS NOT NULL`;

/** Why levels decided as they did. */
export const ERASE_APPROVAL_REASONS = `
  UPDATE transfer_approval SET reason = NULL WHERE transfer_id IN ${OF_PATIENTS} AND reason IS NOT NULL`;
