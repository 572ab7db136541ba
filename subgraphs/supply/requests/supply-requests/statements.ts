import { seqOf } from '../../../../shared/lists/index.js';

/** $1 to $4 of the statements: the parts of the viewer, see `Viewer`. */
const within = (areas: string) =>
  `EXISTS (SELECT FROM unnest(${areas}::text[]) AS a WHERE starts_with(r.area, a))`;
const SEES_WHOLE = `(r.facility_id = ANY ($2::uuid[]) OR ${within('$1')})`;

/** The lines that a viewer sees as a supplier; the same rule as `seesAsSupplier`, to which a test holds it. */
const SEES_LINE = `(l.addressees && $3::uuid[]
  OR l.addressees = '{}' AND r.status NOT IN ('RECEIVED', 'CANCELLED') AND ${within('$4')}
  OR EXISTS (SELECT FROM supply_commitment c
             WHERE c.line_id = l.id AND coalesce(c.organisation_id, c.facility_id) = ANY ($3::uuid[])))`;

/** $5 area, $6 facility, $7 item, $8 statuses, $9 whether it is escalated. */
const MATCHES = `starts_with(r.area, $5)
  AND ($6::uuid IS NULL OR r.facility_id = $6 AND ${SEES_WHOLE})
  AND ($8::text[] IS NULL OR r.status::text = ANY ($8))
  AND ($9::boolean IS NULL OR $9 = (r.escalated_at IS NOT NULL AND r.acknowledged_at IS NULL AND r.cancelled_at IS NULL))
  AND (${SEES_WHOLE} AND $7::uuid IS NULL OR EXISTS (
    SELECT FROM supply_line l WHERE l.request_id = r.id AND ($7::uuid IS NULL OR l.item_id = $7)
      AND (${SEES_WHOLE} OR ${SEES_LINE})))`;

/** $10 and $11 instant and id of the request before the page; $12 the length of the page. */
export const REQUESTS_PAGE = {
  name: 'supply-requests-page',
  text: `
SELECT r.id, r.requested_at AS at FROM supply_request r
WHERE ${MATCHES} AND ($10::timestamptz IS NULL OR (r.requested_at, r.seq) < ($10, ${seqOf('supply_request', '$11')}))
ORDER BY r.requested_at DESC, r.seq DESC LIMIT $12`,
};

export const REQUESTS_COUNTED = {
  name: 'supply-requests-counted',
  text: `SELECT count(*)::int AS count FROM supply_request r WHERE ${MATCHES}`,
};

export const STORE_REQUEST = {
  name: 'store-supply-request',
  text: `
INSERT INTO supply_request (facility_id, area, needed_until, reason, status, requested_at, requested_by, acknowledge_until)
VALUES ($1, $2, $3, $4, 'REQUESTED', $5, $6, $7) RETURNING id`,
};

/** Line $2 of request $1 for item $3, quantity $4, addressees $5. */
export const STORE_LINE = {
  name: 'store-supply-line',
  text: `
INSERT INTO supply_line (request_id, position, item_id, requested, addressees)
VALUES ($1, $2, $3, $4, $5::uuid[])`,
};

/** Requests that nobody has acknowledged by $1; another process's are skipped. */
export const ESCALATE = {
  name: 'escalate-supply-requests',
  text: `
WITH due AS (
  SELECT id FROM supply_request WHERE acknowledge_until <= $1 AND escalated_at IS NULL
  ORDER BY acknowledge_until, id FOR UPDATE SKIP LOCKED LIMIT 500)
UPDATE supply_request r SET escalated_at = $1 FROM due WHERE r.id = due.id RETURNING r.id`,
};
