import {
  fieldsOf,
  namesOf,
  omit,
  overwritesOf,
  pick,
  recordsOf,
} from '../../../shared/database/index.js';
import { publishing, tagSql } from '../../../shared/outbox/index.js';
import {
  facilityColumns,
  stockBatchColumns,
  stockBookingColumns,
  stockColumns,
} from '../generated/columns.js';
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
 * Locks the stocks of holders ($1) of items ($2) in one order, and returns the position of each in the lists. Quantities are read as
 * they are written: a thousand conversions to float8 take as long as a thousand locks. The few columns of its holder are looked up by its kind: two joins take half as long again.
 */
export const LOCK_STOCKS = `
SELECT given.n::int, s.id, s.quantity, s.minimum, s.average_consumption AS "averageConsumption",
  s.unusable_quantity AS unusable, s.judged_again_at AS "judgedAgainAt", s.modelled,
  s.consumption_modelled AS "consumptionModelled",
  CASE s.holder_kind WHEN 'FACILITY' THEN (SELECT f.area FROM facility f WHERE f.id = s.holder_id)
    ELSE (SELECT o.area FROM organisation o WHERE o.id = s.holder_id) END AS area,
  CASE s.holder_kind WHEN 'ORGANISATION' THEN (SELECT o.kind::text FROM organisation o WHERE o.id = s.holder_id) END AS "organisationKind"
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS given (holder_id, item_id, n)
JOIN stock s ON s.holder_id = given.holder_id AND s.item_id = given.item_id
ORDER BY s.holder_id, s.item_id
FOR UPDATE OF s`;

/**
 * The batches of locked stocks ($1) of which something is there or that are named ($2), each with the position of its stock. A statement of
 * its own, behind the locks: the one that takes them would read batches as they were before it waited.
 */
export const BATCHES_OF_LOCKED = `
SELECT given.n::int, b.batch, b.quantity, b.usable_until AS "usableUntil", round(date_part('epoch', b.booked_to) * 1000) AS "bookedTo"
FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, n)
JOIN stock_batch b ON b.stock_id = given.id AND (b.quantity > 0 OR b.batch = ANY ($2::text[]))`;

/** Recalls of items ($1). */
export const RECALLS_OF_ITEMS = `
SELECT item_id AS item, batch, area, at FROM batch_recall WHERE item_id = ANY ($1::uuid[]) AND ended_at IS NULL ORDER BY at`;

/** The columns of a booking that differ within one call; its instant is null where it is that of the call. */
export const BOOKED = omit(stockBookingColumns, 'seq', 'by', 'recordedAt');

/** The columns of a batch; the instant to which it is booked is null where it is that of the call. */
export const BATCH = stockBatchColumns;

/** The columns of a stock that bookings change. */
const LEVELS = pick(
  stockColumns,
  ...(['quantity', 'minimum', 'averageConsumption', 'unusableQuantity'] as const),
  ...(['judgedAgainAt', 'modelled', 'consumptionModelled'] as const),
);

/** A stock after its bookings, the AGS of its holder, and whether it fell below its duty. */
export const BOOKED_STOCK = {
  id: stockColumns.id,
  ...LEVELS,
  area: facilityColumns.area,
  fell: { name: 'fell', type: 'boolean', isList: false },
} as const;

/** Where the parameters of each list begin. */
const [BOOKINGS_FROM, BEGUN_FROM] = [3, 3 + fieldsOf(BOOKED).length];
const CHANGED_FROM = BEGUN_FROM + fieldsOf(BATCH).length;
const STOCKS_FROM = CHANGED_FROM + fieldsOf(BATCH).length;

/** The first delivery of modelled stock `s` behind the instant of its booking, $1: as the rule `nextDelivery` returns it. */
const NEXT_DELIVERY = `CASE WHEN s.renews_at > $1::timestamptz THEN s.renews_at ELSE s.renews_at + make_interval(hours => (24 * s.renewal_days
    * (floor(extract(epoch FROM $1::timestamptz - s.renews_at) / (86400 * s.renewal_days)) + 1))::int) END`;

/** The events of stocks that a statement has changed at an instant, as `changed`: one for each, and another one for each that fell below its duty. */
function eventsOf(now: string): string {
  return publishing(`
SELECT e.topic, c.id::text, c.area,
  ARRAY[CASE c.holder_kind WHEN 'FACILITY' THEN ${tagSql('facility', 'c.holder_id')} ELSE ${tagSql('organisation', 'c.holder_id')} END,
    ${tagSql('item', 'c.item_id')}],
  ${now}::timestamptz
FROM changed c JOIN (VALUES (false, 'supply.stock-changed'), (true, 'supply.stock-fell-below-duty')) AS e (is_fall, topic) ON c.fell OR NOT e.is_fall
ORDER BY c.ordinality, e.is_fall`);
}

/**
 * Stores bookings at an instant ($1) on behalf of an actor ($2), with an event for each stock and another one for each that fell below its
 * duty: one statement, however many there are. The parameters from $3 on are `recordValues` of the bookings in their order, of the batches
 * that are new, of those that changed, and of the stocks.
 */
export const STORE_BOOKINGS = `
WITH booked AS (
  INSERT INTO stock_booking (${namesOf(omit(BOOKED, 'at'))}, at, by, recorded_at)
  SELECT ${namesOf(omit(BOOKED, 'at'))}, COALESCE(at, $1), $2, $1 FROM ${recordsOf(BOOKED, BOOKINGS_FROM)} AS given ORDER BY ordinality
), begun AS (
  INSERT INTO stock_batch (${namesOf(omit(BATCH, 'bookedTo'))}, booked_to)
  SELECT ${namesOf(omit(BATCH, 'bookedTo'))}, COALESCE(booked_to, $1) FROM ${recordsOf(BATCH, BEGUN_FROM)} AS given
), batches AS (
  -- Their stocks are locked: to look for a conflict would lock each of them once more.
  UPDATE stock_batch b SET ${overwritesOf(omit(BATCH, 'stockId', 'batch', 'bookedTo'), 'g')}, booked_to = COALESCE(g.booked_to, $1)
  FROM ${recordsOf(BATCH, CHANGED_FROM)} AS g WHERE b.stock_id = g.stock_id AND b.batch = g.batch
), changed AS (
  UPDATE stock s SET ${overwritesOf(LEVELS, 'g')},
    days_of_cover = COALESCE(((g.quantity - g.unusable_quantity) / NULLIF(g.average_consumption, 0))::float8, 'Infinity'),
    renewal_quantity = CASE WHEN g.modelled THEN s.renewal_quantity END,
    renewal_days = CASE WHEN g.modelled THEN s.renewal_days END,
    renews_at = CASE WHEN g.modelled THEN ${NEXT_DELIVERY} END,
    created_at = CASE WHEN s.modelled AND NOT g.modelled THEN $1 ELSE s.created_at END,
    changed_at = $1
  FROM ${recordsOf(BOOKED_STOCK, STOCKS_FROM)} AS g
  WHERE s.id = g.id
  RETURNING s.id, s.holder_kind, s.holder_id, s.item_id, g.area, g.fell, g.ordinality
)
${eventsOf('$1')}`;

/** The part of a booked stock that is judged again without a booking. */
export const JUDGED_STOCK = pick(
  BOOKED_STOCK,
  ...(['id', 'unusableQuantity', 'judgedAgainAt', 'area', 'fell'] as const),
);

/** Stores at an instant ($1) which part of stocks cannot be used, and their events; the parameters from $2 on are their `recordValues`. */
export const STORE_USABLE = `
WITH changed AS (
  UPDATE stock s SET unusable_quantity = g.unusable_quantity, judged_again_at = g.judged_again_at,
    days_of_cover = COALESCE(((s.quantity - g.unusable_quantity) / NULLIF(s.average_consumption, 0))::float8, 'Infinity')
  FROM ${recordsOf(JUDGED_STOCK, 2)} AS g
  WHERE s.id = g.id
  RETURNING s.id, s.holder_kind, s.holder_id, s.item_id, g.area, g.fell, g.ordinality
)
${eventsOf('$1')}`;

/** Locks up to $2 stocks of which something may have become unusable by $1, in the order of all callers. */
export const STOCKS_TO_JUDGE = `
SELECT holder_kind AS kind, holder_id AS holder, item_id AS item FROM stock WHERE judged_again_at <= $1
ORDER BY holder_id, item_id LIMIT $2 FOR UPDATE`;

/** Removes stocks ($1) that were created for bookings which were all refused. */
export const REMOVE_STOCKS = 'DELETE FROM stock WHERE id = ANY ($1::uuid[])';
