import { publishing, tagSql } from '../../../shared/outbox/index.js';
import { CONCERNS_ITEM, duties } from './statements.js';

/** Creates the stocks of holders ($1, $2) and items ($3) that do not exist, at an instant ($4), in the order in which all callers lock stocks. */
export const CREATE_STOCKS = `
INSERT INTO stock (holder_kind, holder_id, item_id, created_at, changed_at)
SELECT given.holder_kind, given.holder_id, given.item_id, $4, $4
FROM unnest($1::"HolderKind"[], $2::uuid[], $3::uuid[]) AS given (holder_kind, holder_id, item_id)
-- Some exist: to look for one is half the work of a row that is not inserted.
WHERE NOT EXISTS (SELECT FROM stock s WHERE s.holder_id = given.holder_id AND s.item_id = given.item_id)
ORDER BY given.holder_id, given.item_id
ON CONFLICT (holder_id, item_id) DO NOTHING
RETURNING id`;

/**
 * Of each item ($1) the lifeline that it feeds, and the days that duties require by kind of holder, null where none concerns it; $2 to $6
 * are `dutyValues`.
 */
export const ITEMS_AND_DUTIES = `
SELECT i.id AS item, i.lifeline, i.lifeline_quantity AS "lifelineQuantity", d.holder, max(d.required_days) AS days
FROM item i LEFT JOIN ${duties(2)} ON ${CONCERNS_ITEM}
WHERE i.id = ANY ($1::uuid[]) GROUP BY i.id, d.holder`;

/**
 * Locks the stocks of holders ($1) of items ($2) in one order, and returns the position of each in the lists. Quantities are in
 * thousandths. The few columns of its holder are looked up by its kind: two joins take half as long again.
 */
export const LOCK_STOCKS = `
SELECT given.n::int, s.id, (s.quantity * 1000)::float8 AS quantity,
  (s.minimum * 1000)::float8 AS minimum, (s.average_consumption * 1000)::float8 AS "averageConsumption",
  (s.unusable_quantity * 1000)::float8 AS unusable, s.judged_again_at AS "judgedAgainAt", s.modelled,
  s.consumption_modelled AS "consumptionModelled",
  CASE s.holder_kind WHEN 'FACILITY' THEN (SELECT f.area FROM facility f WHERE f.id = s.holder_id)
    ELSE (SELECT o.area FROM organisation o WHERE o.id = s.holder_id) END AS area,
  CASE s.holder_kind WHEN 'ORGANISATION' THEN (SELECT o.kind::text FROM organisation o WHERE o.id = s.holder_id) END AS "organisationKind"
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS given (holder_id, item_id, n)
JOIN stock s ON s.holder_id = given.holder_id AND s.item_id = given.item_id
ORDER BY s.holder_id, s.item_id
FOR UPDATE OF s`;

/**
 * The batches of locked stocks ($1) of which something is there or that are named ($2). A statement of its own, behind the locks:
 * the one that takes them would read batches as they were before it waited.
 */
export const BATCHES_OF_LOCKED = `
SELECT stock_id AS stock, batch, (quantity * 1000)::float8 AS quantity, usable_until AS "usableUntil",
  round(date_part('epoch', booked_to) * 1000) AS "bookedTo"
FROM stock_batch WHERE stock_id = ANY ($1::uuid[]) AND (quantity > 0 OR batch = ANY ($2::text[]))`;

/** Recalls of items ($1). */
export const RECALLS_OF_ITEMS = `
SELECT item_id AS item, batch, area, at FROM batch_recall WHERE item_id = ANY ($1::uuid[]) AND ended_at IS NULL ORDER BY at`;

/** The first delivery of modelled stock `s` behind the instant of its booking, $27: as the rule `nextDelivery` returns it. */
const NEXT_DELIVERY = `CASE WHEN s.renews_at > $27::timestamptz THEN s.renews_at ELSE s.renews_at + make_interval(hours => (24 * s.renewal_days
    * (floor(extract(epoch FROM $27::timestamptz - s.renews_at) / (86400 * s.renewal_days)) + 1))::int) END`;

/** The events of stocks that a statement has changed at an instant, as `changed`: one for each, and another one for each that fell below its duty. */
function eventsOf(now: string): string {
  return publishing(`
SELECT e.topic, c.id::text, c.area,
  ARRAY[CASE c.holder_kind WHEN 'FACILITY' THEN ${tagSql('facility', 'c.holder_id')} ELSE ${tagSql('organisation', 'c.holder_id')} END,
    ${tagSql('item', 'c.item_id')}],
  ${now}::timestamptz
FROM changed c JOIN (VALUES (false, 'supply.stock-changed'), (true, 'supply.stock-fell-below-duty')) AS e (is_fall, topic) ON c.fell OR NOT e.is_fall
ORDER BY c.n, e.is_fall`);
}

const TOUCHED_BATCHES = `unnest($15::uuid[], $16::text[], $17::numeric[], $18::timestamptz[], $19::timestamptz[], $32::boolean[])
    AS g (stock_id, batch, quantity, usable_until, booked_to, is_new)`;

/**
 * Stores bookings ($1 to $14, in order), the batches they changed ($15 to $19, and $32 whether each is new) and their stocks ($20 to $26, and $29 whether each fell
 * below its duty, $30 what of it cannot be used, $31 when to judge that again), at an instant ($27) on behalf of an actor ($28), with an event for each stock and another one for each that fell below
 * its duty: one statement, however many there are. Left out are batches that have no number, instants that are $27, what is false and
 * what is 0.
 */
export const STORE_BOOKINGS = `
WITH booked AS (
  INSERT INTO stock_booking (id, stock_id, kind, batch, change, counted, quantity_after, minimum, average_consumption, reason,
    shipment_id, count_id, counterpart_id, at, by, recorded_at)
  SELECT b.id, b.stock_id, b.kind, COALESCE(b.batch, ''), b.change, b.counted, b.quantity_after, b.minimum, b.average_consumption, b.reason,
    b.shipment_id, b.count_id, b.counterpart_id, COALESCE(b.at, $27), $28, $27
  FROM unnest($1::uuid[], $2::uuid[], $3::"BookingKind"[], $4::text[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[],
      $9::numeric[], $10::text[], $11::uuid[], $12::uuid[], $13::uuid[], $14::timestamptz[]) WITH ORDINALITY
    AS b (id, stock_id, kind, batch, change, counted, quantity_after, minimum, average_consumption, reason,
      shipment_id, count_id, counterpart_id, at, n)
  ORDER BY b.n
), begun AS (
  INSERT INTO stock_batch (stock_id, batch, quantity, usable_until, booked_to)
  SELECT g.stock_id, COALESCE(g.batch, ''), g.quantity, g.usable_until, COALESCE(g.booked_to, $27) FROM ${TOUCHED_BATCHES} WHERE g.is_new
), batches AS (
  -- Their stocks are locked: to look for a conflict would lock each of them once more.
  UPDATE stock_batch b SET quantity = g.quantity, usable_until = g.usable_until, booked_to = COALESCE(g.booked_to, $27)
  FROM ${TOUCHED_BATCHES} WHERE g.is_new IS NULL AND b.stock_id = g.stock_id AND b.batch = COALESCE(g.batch, '')
), changed AS (
  UPDATE stock s SET quantity = g.quantity, minimum = g.minimum, average_consumption = g.average_consumption,
    days_of_cover = COALESCE(((g.quantity - g.unusable_quantity) / NULLIF(g.average_consumption, 0))::float8, 'Infinity'),
    unusable_quantity = g.unusable_quantity, judged_again_at = g.judged_again_at,
    modelled = g.modelled, consumption_modelled = g.consumption_modelled,
    renewal_quantity = CASE WHEN g.modelled THEN s.renewal_quantity END,
    renewal_days = CASE WHEN g.modelled THEN s.renewal_days END,
    renews_at = CASE WHEN g.modelled THEN ${NEXT_DELIVERY} END,
    created_at = CASE WHEN s.modelled AND NOT g.modelled THEN $27 ELSE s.created_at END,
    changed_at = $27
  FROM (
    SELECT id, quantity, minimum, average_consumption, COALESCE(modelled, false) AS modelled,
      COALESCE(consumption_modelled, false) AS consumption_modelled, area, COALESCE(fell, false) AS fell,
      COALESCE(unusable_quantity, 0) AS unusable_quantity, judged_again_at, n
    FROM unnest($20::uuid[], $21::numeric[], $22::numeric[], $23::numeric[], $24::boolean[], $25::boolean[], $26::text[], $29::boolean[],
      $30::numeric[], $31::timestamptz[]) WITH ORDINALITY
      AS given (id, quantity, minimum, average_consumption, modelled, consumption_modelled, area, fell, unusable_quantity, judged_again_at, n)
  ) g
  WHERE s.id = g.id
  RETURNING s.id, s.holder_kind, s.holder_id, s.item_id, g.area, g.fell, g.n
)
${eventsOf('$27')}`;

/** Stores of stocks ($1) what cannot be used ($2), when to judge that again ($3), their areas ($4) and whether each fell below its duty ($5), at $6. */
export const STORE_USABLE = `
WITH changed AS (
  UPDATE stock s SET unusable_quantity = g.unusable_quantity, judged_again_at = g.judged_again_at,
    days_of_cover = COALESCE(((s.quantity - g.unusable_quantity) / NULLIF(s.average_consumption, 0))::float8, 'Infinity')
  FROM unnest($1::uuid[], $2::numeric[], $3::timestamptz[], $4::text[], $5::boolean[])
    WITH ORDINALITY AS g (id, unusable_quantity, judged_again_at, area, fell, n)
  WHERE s.id = g.id
  RETURNING s.id, s.holder_kind, s.holder_id, s.item_id, g.area, g.fell, g.n
)
${eventsOf('$6')}`;

/** Locks up to $2 stocks of which something may have become unusable by $1, in the order of all callers. */
export const STOCKS_TO_JUDGE = `
SELECT holder_kind AS kind, holder_id AS holder, item_id AS item FROM stock WHERE judged_again_at <= $1
ORDER BY holder_id, item_id LIMIT $2 FOR UPDATE`;

/** Removes stocks ($1) that were created for bookings which were all refused. */
export const REMOVE_STOCKS = 'DELETE FROM stock WHERE id = ANY ($1::uuid[])';
