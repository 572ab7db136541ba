import { omit, pick, selectionOf } from '../../../shared/database/index.js';
import { isSeen } from '../access/casualty-visibility.js';
import { reservationColumns, reservationItemColumns } from '../generated/columns.js';

/** A reservation as it is shown. */
export const RESERVATION = pick(reservationColumns, 'id', 'kind', 'createdAt', 'createdBy');

/** An item as it is shown: without the persons. */
export const ITEM = omit(reservationItemColumns, 'confirmedBy', 'redeemedBy', 'releasedBy');
const ITEM_COLUMNS = selectionOf(ITEM, 'i');

/** Items with the reservation and the facility that say who sees them. */
const ITEMS = `reservation_item i JOIN reservation r ON r.id = i.reservation_id JOIN facility f ON f.id = i.facility_id`;
const VISIBILITY_COLUMNS = `f.area, r.origin_area AS origin, r.approved_by_spoc AS "approvedBySpoc"`;

/** That of reservation `r` at least one slot is seen, by who is described from parameter `first` on. */
export const isPartlySeen = (first: number) => `EXISTS (
  SELECT FROM reservation_item i JOIN facility f ON f.id = i.facility_id WHERE i.reservation_id = r.id AND ${isSeen(first)})`;

/** Reservations ($1) of which $2 to $5 see a slot. */
export const RESERVATIONS_BY_ID = `
SELECT ${selectionOf(RESERVATION, 'r')} FROM reservation r
WHERE r.id = ANY($1::uuid[]) AND ${isPartlySeen(2)}`;

/** Items of reservations ($1) that $2 to $5 see, in the order they were requested. */
export const ITEMS_OF = `
SELECT ${ITEM_COLUMNS} FROM ${ITEMS} WHERE i.reservation_id = ANY($1::uuid[]) AND ${isSeen(2)}
ORDER BY i.reservation_id, i.position`;

/** Items by their ids ($1) that $2 to $5 see, in the order of their reservations. */
export const ITEMS_NAMED = `
SELECT ${ITEM_COLUMNS} FROM ${ITEMS} WHERE i.id = ANY($1::uuid[]) AND ${isSeen(2)} ORDER BY i.position`;

/** A reservation ($1) of which $2 to $5 see a slot. */
export const RESERVATION_SEEN = `SELECT FROM reservation r WHERE r.id = $1 AND ${isPartlySeen(2)}`;

/** All items of a reservation ($1) that is locked which $2 to $5 see, with the area each lies in. */
export const LOCKED_ITEMS = `
SELECT ${ITEM_COLUMNS}, ${VISIBILITY_COLUMNS} FROM ${ITEMS}
WHERE i.reservation_id = $1 AND ${isSeen(2)} ORDER BY i.position`;

/**
 * Those of them that are named ($6), each locked, in the order of their slots so that two who lock several never wait
 * in a circle.
 */
export const LOCKED_ITEMS_NAMED = `
SELECT ${ITEM_COLUMNS}, ${VISIBILITY_COLUMNS} FROM ${ITEMS}
WHERE i.reservation_id = $1 AND ${isSeen(2)} AND i.id = ANY($6::uuid[]) ORDER BY i.position FOR NO KEY UPDATE OF i`;

/**
 * Where reservations ($1) stand at $2, as far as $3 to $6 see them: of all items that stand alike one that ends first and one that ends last, which say of
 * thousands what all of them would.
 */
export const STANDING_OF = `
SELECT i.reservation_id AS "reservationId", min(i.id::text) AS id, max(i.count) AS count,
  CASE WHEN ends.first THEN min(i.expires_at) ELSE max(i.expires_at) END AS "expiresAt",
  min(i.confirmed_at) AS "confirmedAt", min(i.redeemed_at) AS "redeemedAt", min(i.released_at) AS "releasedAt", i.settled
FROM ${ITEMS} CROSS JOIN (VALUES (true), (false)) AS ends (first)
WHERE i.reservation_id = ANY($1::uuid[]) AND ${isSeen(3)}
GROUP BY i.reservation_id, i.count = 0, i.confirmed_at IS NULL, i.redeemed_at IS NULL, i.released_at IS NULL, i.settled,
  i.expires_at <= $2, ends.first`;

/** Selects the remaining beds of some categories ($2) in facilities ($1) at an instant ($3). */
export const BEDS_LEFT = `
SELECT facility_id AS facility, category, free, stale, is_stand_in AS "isStandIn"
FROM beds_of($1::uuid[], $2::"BedCategory"[], $3)`;
/** Selects the remaining beds of one facility: most calls name one only, and its plan is kept. */
export const BEDS_LEFT_OF_ONE = `
SELECT facility_id AS facility, category, free, stale, is_stand_in AS "isStandIn" FROM beds_of_one($1, $3)
WHERE category = ANY($2::"BedCategory"[]) OR is_stand_in AND 'ICU_UNSPECIFIED' = ANY($2::"BedCategory"[])`;

/**
 * Keeps slots: $1 kind, $2 the instant, $3 by whom, $4 until when, $5 to $9 the columns of the items, $10 where the patients
 * come from, $11 whether the Single Points of Contact approve. An item that got nothing is kept to answer for, and never
 * counts.
 */
export const INSERT_RESERVATION = `
WITH made AS (
  INSERT INTO reservation (kind, created_at, created_by, origin_area, approved_by_spoc)
  VALUES ($1::"ReservationKind", $2, $3, $10, $11) RETURNING id
), items AS (
  INSERT INTO reservation_item (reservation_id, position, facility_id, category, intake, requested, count, expires_at,
                                settled)
  SELECT made.id, w.number - 1, w.facility_id, w.category, w.intake, w.requested, w.count, $4, w.count = 0
  FROM made, unnest($5::uuid[], $6::"BedCategory"[], $7::"TriageCategory"[], $8::int[], $9::int[])
    WITH ORDINALITY AS w (facility_id, category, intake, requested, count, number)
)
SELECT id FROM made`;

/** When slots of facilities ($1) were last reserved, by any process's clock. */
export const LAST_CLAIMED = `
SELECT max(claimed_at) AS "lastClaimed" FROM (
  SELECT r.created_at FROM reservation_item i JOIN reservation r ON r.id = i.reservation_id
  WHERE i.facility_id = ANY($1::uuid[]) AND NOT i.settled
  UNION ALL
  SELECT placed_at FROM hold WHERE facility_id = ANY($1::uuid[]) AND remaining > 0
) AS claims (claimed_at)`;

/** Steps: $1 the items, $2 the instant, $3 by whom; $4 the times until which each is kept. */
export const CONFIRM = `
UPDATE reservation_item i SET expires_at = c.expires_at, confirmed_at = COALESCE(i.confirmed_at, $2),
  confirmed_by = COALESCE(i.confirmed_by, $3)
FROM unnest($1::uuid[], $4::timestamptz[]) AS c (id, expires_at) WHERE i.id = c.id`;
export const REDEEM = `
UPDATE reservation_item SET redeemed_at = $2, redeemed_by = $3 WHERE id = ANY($1::uuid[])`;
export const RELEASE = `
UPDATE reservation_item SET released_at = $2, released_by = $3, settled = true WHERE id = ANY($1::uuid[])`;

/** Categories of a modelled share of intensive care and of the levels that may replace it. */
const ICU = `'{ICU_UNSPECIFIED,ICU_LOW_CARE,ICU_HIGH_CARE,ECMO}'::"BedCategory"[]`;

/**
 * Conditions of the items that the clock ends, due at $1. Their reservations are locked first, so that nobody is
 * moving them, and those that somebody has locked are left for the next tick: waiting for each other in a
 * circle is impossible, and so is publishing the same twice from two processes.
 */
const finalizing = (due: string) => `
WITH due AS (
  SELECT id, origin_area, approved_by_spoc FROM reservation
  WHERE id IN (SELECT i.reservation_id FROM reservation_item i WHERE NOT i.settled AND ${due})
  ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE reservation_item i SET settled = true FROM due, facility f
WHERE i.reservation_id = due.id AND f.id = i.facility_id AND NOT i.settled AND ${due}
RETURNING i.reservation_id AS reservation, i.facility_id AS facility, f.area, i.category::text, i.intake::text,
  due.origin_area AS origin, due.approved_by_spoc AS "approvedBySpoc"`;

/** Kept slots whose time has run out. */
export const FINALIZE_LAPSED = finalizing(`i.redeemed_at IS NULL AND i.expires_at <= $1`);

/** Casualties who arrived so long ago (by $1) that they no longer count against the intake. */
export const FINALIZE_TREATED = finalizing(`i.redeemed_at <= $1 AND i.intake IS NOT NULL`);

/**
 * Patients who are in a report. A facility's own report that was observed later holds for good, because its own never goes
 * back. A modelled one does so only when none of the facility's own from before the arrival could still be fresh: it may
 * come in late, and would be in force. The same holds for a report of a category that may stand for the item's: one of a
 * level of intensive care for a modelled share, and the other way round. While a modelled share from before the arrival is
 * fresh, a patient in one of its categories is in no report for good: the facility may state no numbers next, and the share
 * would be in force.
 */
export const FINALIZE_REPORTED = finalizing(`i.redeemed_at IS NOT NULL AND EXISTS (
  SELECT FROM bed b
  WHERE b.facility_id = i.facility_id AND LEAST(b.observed_at, b.received_at) >= i.redeemed_at
    AND (b.category = i.category AND b.tier = 'OWN'
      OR i.redeemed_at + (b.stale_at - b.observed_at) <= $1 AND (b.category = i.category
        OR b.operable IS NOT NULL AND b.category = ANY (${ICU}) AND i.category = ANY (${ICU})
          AND 'ICU_UNSPECIFIED' IN (b.category, i.category)))
) AND NOT EXISTS (
  SELECT FROM bed s
  WHERE s.facility_id = i.facility_id AND s.category = 'ICU_UNSPECIFIED' AND s.tier = 'MODELLED' AND s.stale_at > $1
    AND LEAST(s.observed_at, s.received_at) < i.redeemed_at
    AND i.category = ANY ('{ICU_LOW_CARE,ICU_HIGH_CARE,ECMO,PAEDIATRIC_ICU}'::"BedCategory"[])
)`);
