import { pick, selectionOf } from '../../../shared/database/index.js';
import { isSeen } from '../access/index.js';
import { reservationColumns } from '../generated/columns.js';
import { isPartlySeen, ITEM_COLUMNS, ITEMS } from './transitions/index.js';

/** A reservation as it is shown. */
export const RESERVATION = pick(reservationColumns, 'id', 'kind', 'createdAt', 'createdBy');

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

/**
 * Where reservations ($1) stand at $2, as far as $3 to $6 see them: of all items that stand alike one that ends first and one that ends last, which say of
 * thousands what all of them would.
 */
export const STANDING_OF = `
SELECT i.reservation_id AS "reservationId", min(i.id::text) AS id, max(i.count) AS count,
  CASE WHEN ends.first THEN min(i.expires_at) ELSE max(i.expires_at) END AS "expiresAt",
  min(i.confirmed_at) AS "confirmedAt", min(i.redeemed_at) AS "redeemedAt", min(i.released_at) AS "releasedAt", i.settled AS finalized
FROM ${ITEMS} CROSS JOIN (VALUES (true), (false)) AS ends (first)
WHERE i.reservation_id = ANY($1::uuid[]) AND ${isSeen(3)}
GROUP BY i.reservation_id, i.count = 0, i.confirmed_at IS NULL, i.redeemed_at IS NULL, i.released_at IS NULL, i.settled,
  i.expires_at <= $2, ends.first`;

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
