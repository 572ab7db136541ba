import { omit, selectionOf } from '../../../shared/database/index.js';
import { batchRecallColumns } from '../generated/columns.js';
import { AREA, MODEL } from '../stocks/index.js';

const HOLDER = `
  LEFT JOIN facility f ON f.id = s.holder_id
  LEFT JOIN organisation o ON o.id = s.holder_id`;

/** Stores the recall of an item ($1), a batch ($2), in an area ($3), begins one again that had ended, or returns the one that applies. */
export const STORE_RECALL = `
INSERT INTO batch_recall (item_id, batch, area, reason, by, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (item_id, batch, area) DO UPDATE SET ended_at = NULL, ended_by = NULL, end_reason = NULL,
  reason = CASE WHEN batch_recall.ended_at IS NULL THEN batch_recall.reason ELSE excluded.reason END,
  by = CASE WHEN batch_recall.ended_at IS NULL THEN batch_recall.by ELSE excluded.by END,
  at = CASE WHEN batch_recall.ended_at IS NULL THEN batch_recall.at ELSE excluded.at END
RETURNING id, (xmax = 0 OR at = $6) AS "isNew"`;

/** Ends recall $1 at $2, by $3, for the reason $4; no row if it has ended. */
export const END_RECALL = `
UPDATE batch_recall SET ended_at = $2, ended_by = $3, end_reason = $4 WHERE id = $1 AND ended_at IS NULL
RETURNING item_id AS "itemId", batch, area`;

/** Locks the stocks of an item ($1) in an area ($3), in the order of all callers, and returns those that have some of a batch ($2). */
export const LOCK_HOLDERS = `
WITH locked AS (
  SELECT s.id, f.id AS facility, o.id AS organisation
  FROM stock s ${HOLDER}
  WHERE s.item_id = $1 AND starts_with(${AREA}, $3)
  ORDER BY s.holder_id, s.item_id
  FOR UPDATE OF s
)
SELECT l.facility, l.organisation FROM locked l
WHERE EXISTS (SELECT FROM stock_batch b WHERE b.stock_id = l.id AND b.batch = $2 AND b.quantity > 0)`;

export const RECALLS_BY_ID = `
SELECT ${selectionOf(omit(batchRecallColumns, 'by', 'endedBy'), 'r')} FROM batch_recall r WHERE r.id = ANY ($1::uuid[])`;

/**
 * The quantities of the batches of recalls ($1), in their areas, and behind them those of the item with no known batch; of what a model has
 * nothing is known.
 */
export const HOLDINGS = `
SELECT r.id AS recall, s.id AS stock, b.quantity::float8 AS quantity, b.batch = '' AS "unknownBatch"
FROM batch_recall r
JOIN stock s ON s.item_id = r.item_id
JOIN stock_batch b ON b.stock_id = s.id AND b.quantity > 0
  AND (b.batch = r.batch OR b.batch = '' AND NOT s.modelled) ${HOLDER}
WHERE r.id = ANY ($1::uuid[]) AND r.ended_at IS NULL AND starts_with(${AREA}, r.area)
ORDER BY r.id, b.batch = '', b.quantity DESC, s.id`;

/**
 * The shipments of the batches of recalls ($1) that are under way to a receiver in their areas, and behind them those of the item with no
 * known batch. A return goes to the one who had committed the delivery.
 */
export const IN_TRANSIT = `
SELECT r.id AS recall, x.id AS "shipmentId", f.id AS facility, o.id AS organisation, x.batch IS NULL AS "unknownBatch",
  (x.quantity - x.received - x.lost - x.rejected)::float8 AS quantity
FROM batch_recall r
JOIN supply_line l ON l.item_id = r.item_id
JOIN supply_commitment c ON c.line_id = l.id
JOIN supply_shipment x ON x.commitment_id = c.id AND x.quantity > x.received + x.lost + x.rejected
  AND (x.batch = r.batch OR x.batch IS NULL)
JOIN supply_request q ON q.id = x.request_id
LEFT JOIN facility f ON f.id = CASE WHEN x.returns_id IS NULL THEN q.facility_id ELSE c.facility_id END
LEFT JOIN organisation o ON o.id = CASE WHEN x.returns_id IS NOT NULL THEN c.organisation_id END
WHERE r.id = ANY ($1::uuid[]) AND r.ended_at IS NULL AND starts_with(${AREA}, r.area)
ORDER BY r.id, x.batch IS NULL, quantity DESC, x.id`;

/**
 * Of recalls ($1) the bookings that may have brought the recalled batch back under another number: what was booked without a shipment into stocks out of
 * which some of the batch was corrected, both since 7 days before the recall, and after the batch was there first; the newest 100 of each.
 */
export const BOOKINGS_TO_REVIEW = `
SELECT r.id AS recall, b.id AS booking
FROM batch_recall r CROSS JOIN LATERAL (
  SELECT i.id, i.seq
  FROM stock s ${HOLDER}
  JOIN stock_booking i ON i.stock_id = s.id AND i.change > 0 AND i.batch <> r.batch AND i.shipment_id IS NULL
    AND i.kind <> 'RELOCATION' AND i.recorded_at >= r.at - interval '7 days' AND i.by <> '${MODEL}'
    AND i.seq > (SELECT min(a.seq) FROM stock_booking a WHERE a.stock_id = s.id AND a.batch = r.batch)
  WHERE s.item_id = r.item_id AND starts_with(${AREA}, r.area) AND EXISTS (
    SELECT FROM stock_booking o WHERE o.stock_id = s.id AND o.batch = r.batch AND o.change < 0 AND o.kind = 'CORRECTION'
      AND o.recorded_at >= r.at - interval '7 days')
  ORDER BY i.seq DESC LIMIT 100
) AS b
WHERE r.id = ANY ($1::uuid[]) AND r.ended_at IS NULL
ORDER BY r.id, b.seq DESC`;
