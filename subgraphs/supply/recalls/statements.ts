import { omit, selectionOf } from '../../../shared/database/index.js';
import { batchRecallColumns } from '../generated/columns.js';
import { AREA } from '../stocks/index.js';

const HOLDER = `
  LEFT JOIN facility f ON f.id = s.holder_id
  LEFT JOIN organisation o ON o.id = s.holder_id`;

/** Stores the recall of an item ($1), a batch ($2), in an area ($3), or returns the one that there is. */
export const STORE_RECALL = `
INSERT INTO batch_recall (item_id, batch, area, reason, by, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (item_id, batch, area) DO UPDATE SET area = excluded.area
RETURNING id, (xmax = 0) AS "isNew"`;

/** Locks the stocks of an item ($1) in an area ($3), in the order of all callers, and returns those that have some of a batch ($2). */
export const LOCK_HOLDERS = `
WITH locked AS (
  SELECT s.id, f.id AS facility, o.id AS organisation, ${AREA} AS area
  FROM stock s ${HOLDER}
  WHERE s.item_id = $1 AND starts_with(${AREA}, $3)
  ORDER BY s.holder_id, s.item_id
  FOR UPDATE OF s
)
SELECT l.id, l.facility, l.organisation, l.area FROM locked l
WHERE EXISTS (SELECT FROM stock_batch b WHERE b.stock_id = l.id AND b.batch = $2 AND b.quantity > 0)`;

export const RECALLS_BY_ID = `
SELECT ${selectionOf(omit(batchRecallColumns, 'by'), 'r')} FROM batch_recall r WHERE r.id = ANY ($1::uuid[])`;

/** The quantities of the batches of recalls ($1), in their areas. */
export const HOLDINGS = `
SELECT r.id AS recall, s.id AS stock, b.quantity::float8 AS quantity
FROM batch_recall r
JOIN stock s ON s.item_id = r.item_id
JOIN stock_batch b ON b.stock_id = s.id AND b.batch = r.batch AND b.quantity > 0 ${HOLDER}
WHERE r.id = ANY ($1::uuid[]) AND starts_with(${AREA}, r.area)
ORDER BY r.id, b.quantity DESC, s.id`;
