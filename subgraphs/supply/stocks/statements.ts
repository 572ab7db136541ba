import { omit, selectionOf } from '../../../shared/database/index.js';
import { stockBatchColumns, stockBookingColumns, stockColumns } from '../generated/columns.js';

/** The holder of stock `s`: facility `f` or organisation `o`, each null where it is the other. */
export const HOLDER = `
  LEFT JOIN facility f ON f.id = s.holder_id
  LEFT JOIN organisation o ON o.id = s.holder_id`;

/** The holder, and the item `i`. */
const HOLDER_AND_ITEM = `${HOLDER}
  JOIN item i ON i.id = s.item_id`;

/** The AGS of the Kreis in which stock `s` is. */
export const AREA = 'COALESCE(f.area, o.area)';

/**
 * The duty that applies to stock `s`, as `duty`: the one that requires the most days; no row where none applies. The parameters from
 * `$first` on are `dutyValues`. A rule about substances concerns every item whose active substances begin with one of them.
 */
function dutyOfStock(first: number): string {
  return `LATERAL (
    SELECT d.rule, d.required_days FROM ${duties(first)}
    WHERE d.holder = ${HOLDER_KIND} AND ${CONCERNS_ITEM}
    ORDER BY d.required_days DESC, d.rule LIMIT 1
  ) duty`;
}

/** The duties `d` that are in force; the parameters from `$first` on are `dutyValues`. */
export function duties(first: number): string {
  return `unnest($${first}::text[], $${first + 1}::text[], $${first + 2}::"ItemKind"[], $${first + 3}::text[], $${first + 4}::int[])
      AS d (rule, holder, item_kind, substance, required_days)`;
}

/** Whether an item has the substances, strengths, dose form and unit of the item with an id. */
const SAME_ITEM = (item: string, id: string) => `EXISTS (SELECT FROM item same
    WHERE same.id = ${id} AND same.substance = ${item}.substance AND same.dose_form = ${item}.dose_form AND same.unit = ${item}.unit)`;

/** Whether duty `d` concerns item `i`. */
export const CONCERNS_ITEM = `d.item_kind = i.kind AND (d.substance IS NULL OR i.substance ILIKE d.substance || '%')`;

/** The kind of the holder of stock `s`, as duties name it. */
export const HOLDER_KIND = `COALESCE(o.kind::text, 'FACILITY')`;

/** Whether the caller sees stock `s`; the parameters from `$first` on are `visibilityValues`. */
export function isVisible(first: number): string {
  return `(s.holder_id = ANY ($${first}::uuid[])
    OR f.area LIKE ANY ($${first + 1}::text[]) OR o.area LIKE ANY ($${first + 2}::text[]))`;
}

/** The columns that are read of stock `s`. */
export const STOCK = `${selectionOf(stockColumns, 's')}, ${AREA} AS area, i.unit,
  duty.rule AS "dutyRule", duty.required_days AS "requiredDays"`;

const STOCKS = `stock s ${HOLDER_AND_ITEM}`;

/** Stocks by their ids ($1); $2 to $6 are `dutyValues`. */
export const STOCKS_BY_ID = `
SELECT ${STOCK} FROM ${STOCKS} LEFT JOIN ${dutyOfStock(2)} ON true WHERE s.id = ANY ($1::uuid[])`;

/**
 * A page of the visible stocks, those that last shortest first: behind days of cover $1 and id $2, at most $3; of an area ($4), a
 * holder ($5), an item ($6), below days of cover ($7), each null where any. $8 to $10 are `visibilityValues`, $11 to $15 `dutyValues`;
 * with $16 only those that last shorter than their duty requires, where kinds of items without a duty are skipped before it is looked for;
 * with $17 for a caller who sees all, so that the planner knows it; $18 the few holders that are meant at all, null where they are many; with
 * $19 also items of the same substance.
 */
export const STOCKS_PAGE = `
SELECT ${STOCK} FROM ${STOCKS} LEFT JOIN ${dutyOfStock(11)} ON true
WHERE (s.days_of_cover, s.id) > ($1::float8, $2::uuid)
  AND ($18::uuid[] IS NULL OR s.holder_id = ANY ($18))
  AND ($4::text IS NULL OR ${AREA} LIKE $4 || '%') AND ($5::uuid IS NULL OR s.holder_id = $5)
  AND ($6::uuid IS NULL OR s.item_id = $6 OR $19::boolean AND ${SAME_ITEM('i', '$6')}) AND ($7::float8 IS NULL OR s.days_of_cover < $7) AND ($17::boolean OR ${isVisible(8)})
  AND (NOT $16::boolean OR i.kind = ANY ($13::"ItemKind"[]) AND s.days_of_cover < duty.required_days)
ORDER BY s.days_of_cover, s.id LIMIT $3`;

/** The usable stocks that the holders of stocks ($1) have of other items of the same substance; $2 to $6 are `dutyValues`. */
export const SAME_SUBSTANCE = `
SELECT ${STOCK}, given.id AS "ofStock"
FROM unnest($1::uuid[]) AS given (id) JOIN stock base ON base.id = given.id JOIN item named ON named.id = base.item_id
JOIN item same ON same.substance = named.substance AND same.dose_form = named.dose_form AND same.unit = named.unit AND same.id <> named.id
JOIN stock s ON s.holder_id = base.holder_id AND s.item_id = same.id AND s.quantity > s.unusable_quantity ${HOLDER_AND_ITEM}
LEFT JOIN ${dutyOfStock(2)} ON true
ORDER BY given.id, s.days_of_cover DESC, s.id`;

/** The stocks of facilities ($1) of an item ($2) below days of cover ($3), $4 each at most; $5 to $9 are `dutyValues`. */
export const STOCKS_OF_FACILITIES = `
SELECT ${STOCK}
FROM unnest($1::uuid[]) AS given (id)
CROSS JOIN LATERAL (
  SELECT * FROM stock s WHERE s.holder_id = given.id AND s.holder_kind = 'FACILITY'
    AND ($2::uuid IS NULL OR s.item_id = $2) AND ($3::float8 IS NULL OR s.days_of_cover < $3)
  ORDER BY s.days_of_cover, s.id LIMIT $4
) s ${HOLDER_AND_ITEM}
LEFT JOIN ${dutyOfStock(5)} ON true
ORDER BY s.holder_id, s.days_of_cover, s.id`;

/** The quantities issued from stocks ($1) since an instant ($2); of one that was modelled before, since it was counted. */
export const ISSUED_SINCE = `
SELECT b.stock_id AS stock, -sum(b.change)::float8 AS issued FROM stock_booking b JOIN stock s ON s.id = b.stock_id
WHERE b.kind = 'ISSUE' AND b.stock_id = ANY ($1::uuid[]) AND b.at > $2 AND (s.model_rule IS NULL OR b.at >= s.created_at)
GROUP BY b.stock_id`;

/** The batches of stocks ($1) of which something is there, and why one must not be given out at an instant ($2). */
export const BATCHES_OF = `
SELECT ${selectionOf(omit(stockBatchColumns, 'batch', 'bookedTo'), 'b')}, NULLIF(b.batch, '') AS batch,
  CASE
    WHEN EXISTS (
      SELECT FROM batch_recall r WHERE r.item_id = s.item_id AND r.batch = b.batch AND r.ended_at IS NULL AND starts_with(${AREA}, r.area)
    ) THEN 'RECALLED'
    WHEN b.usable_until <= $2 THEN 'EXPIRED'
  END AS unusable
FROM stock_batch b JOIN stock s ON s.id = b.stock_id
  LEFT JOIN facility f ON f.id = s.holder_id LEFT JOIN organisation o ON o.id = s.holder_id
WHERE b.stock_id = ANY ($1::uuid[]) AND b.quantity > 0
ORDER BY b.stock_id, (b.batch = ''), b.usable_until, b.batch`;

/** The columns that are read of booking `b`. */
const BOOKING = `${selectionOf(
  omit(stockBookingColumns, 'batch', 'shipmentId', 'counterpartId', 'seq'),
  'b',
)}, NULLIF(b.batch, '') AS batch`;

export const BOOKINGS_BY_ID = `SELECT ${BOOKING} FROM stock_booking b WHERE b.id = ANY ($1::uuid[])`;

/** The corrections that follow from counts ($1). */
export const CORRECTIONS_OF = `
SELECT ${BOOKING} FROM stock_booking b
WHERE b.count_id = ANY ($1::uuid[]) ORDER BY b.seq`;

/** The history of stocks ($1), newest first, behind a booking ($2) where one is given, at most $3 each. */
export const BOOKINGS_OF = `
SELECT b.* FROM unnest($1::uuid[]) AS given (id)
CROSS JOIN LATERAL (
  SELECT ${BOOKING}, b.seq FROM stock_booking b
  WHERE b.stock_id = given.id
    AND ($2::uuid IS NULL OR b.seq < (SELECT o.seq FROM stock_booking o WHERE o.id = $2))
  ORDER BY b.seq DESC LIMIT $3
) b ORDER BY b."stockId", b.seq DESC`;
