import { seqOf } from '../../../../shared/lists/index.js';

/** $1 to $4 of the statements: the parts of the visibility, see `RequestVisibility`. */
const within = (areas: string) =>
  `EXISTS (SELECT FROM unnest(${areas}::text[]) AS a WHERE starts_with(r.area, a))`;
const SEES_WHOLE = `(r.facility_id = ANY ($2::uuid[]) OR ${within('$1')})`;

/** The lines that a caller sees as a supplier; the same rule as `seesAsSupplier`, to which a test holds it. */
const SEES_LINE = `(l.addressees && $3::uuid[]
  OR l.addressees = '{}' AND r.status NOT IN ('RECEIVED', 'CANCELLED') AND ${within('$4')}
  OR EXISTS (SELECT FROM supply_commitment c
             WHERE c.line_id = l.id AND coalesce(c.organisation_id, c.facility_id) = ANY ($3::uuid[])))`;

/** $5 area, $6 facility, $7 item, $8 statuses, $9 whether it is escalated. */
const MATCHES = `starts_with(r.area, $5)
  AND ($6::uuid IS NULL OR r.facility_id = $6 AND ${SEES_WHOLE})
  AND ($8::text[] IS NULL OR r.status::text = ANY ($8))
  AND ($9::boolean IS NULL OR $9 = (r.escalated_at IS NOT NULL AND (r.acknowledged_at IS NULL OR r.acknowledged_at < r.escalated_at) AND r.status NOT IN ('RECEIVED', 'CANCELLED')))
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

/** An index finds requests by when their goods are needed; behind it, those of the last days may still wait. */
const NOT_LONG_OVER = `r.status NOT IN ('RECEIVED', 'CANCELLED') AND r.needed_until > $1::timestamptz - interval '7 days'`;
const HALF_TIME = 'r.requested_at + (r.needed_until - r.requested_at) / 2';

/**
 * A line that is open, or of which a part is committed that was not dispatched and that the stock of the one who committed it does not
 * hold: what is promised without goods silences nobody.
 */
const IS_UNCOVERED = `EXISTS (SELECT FROM supply_line l WHERE l.request_id = r.id AND (l.committed < l.requested OR EXISTS (
  SELECT FROM supply_commitment c WHERE c.line_id = l.id AND c.quantity > c.in_transit + c.delivered AND NOT EXISTS (
    SELECT FROM stock s WHERE s.holder_id = coalesce(c.organisation_id, c.facility_id) AND s.item_id = l.item_id
      AND s.quantity - s.unusable_quantity >= c.quantity - c.in_transit - c.delivered))))`;

/** Requests that nobody has acknowledged by $1, and those with uncovered lines at half their time; another process's are skipped. */
export const ESCALATE = {
  name: 'escalate-supply-requests',
  text: `
WITH due AS (
  SELECT r.id FROM supply_request r
  WHERE r.acknowledge_until <= $1 AND r.escalated_at IS NULL
    OR ${NOT_LONG_OVER} AND ${HALF_TIME} <= $1 AND (r.escalated_at IS NULL OR r.escalated_at < ${HALF_TIME})
      AND ${IS_UNCOVERED}
  ORDER BY r.needed_until, r.id FOR UPDATE OF r SKIP LOCKED LIMIT 500)
UPDATE supply_request r SET escalated_at = $1 FROM due WHERE r.id = due.id RETURNING r.id`,
};

/** Escalates request $2 at $1. */
export const ESCALATE_ONE = {
  name: 'escalate-supply-request',
  text: 'UPDATE supply_request SET escalated_at = $1 WHERE id = $2',
};

/** Requests with commitments of which nothing was dispatched $2 hours after they were expected, at $1; another process's are skipped. */
export const OVERDUE_LOCKED = {
  name: 'overdue-supply-commitments',
  text: `
SELECT r.id FROM supply_request r
WHERE ${NOT_LONG_OVER} AND EXISTS (
  SELECT FROM supply_commitment c
  WHERE c.request_id = r.id AND c.quantity > 0 AND c.in_transit = 0 AND c.delivered = 0
    AND coalesce(c.expected_at, greatest(r.needed_until, c.committed_at)) + make_interval(hours => $2) <= $1)
ORDER BY r.id FOR UPDATE OF r SKIP LOCKED LIMIT 100`,
};

/** Whether actor $2 has said that it saw request $1. */
export const HAS_SEEN = {
  name: 'supply-request-has-seen',
  text: `SELECT FROM supply_step WHERE request_id = $1 AND act = 'SEE' AND by = $2`,
};
