import { omit, selectionOf } from '../../../../shared/database/index.js';
import { isSeen } from '../../access/index.js';
import { reservationItemColumns } from '../../generated/columns.js';
import type { ReservationItem } from '../../generated/prisma/client.js';

/** An item as it is shown: without the persons. */
export const ITEM = omit(reservationItemColumns, 'confirmedBy', 'redeemedBy', 'releasedBy');
export type ItemRow = Pick<ReservationItem, keyof typeof ITEM>;
export const ITEM_COLUMNS = selectionOf(ITEM, 'i');

/** Items with the reservation and the facility that say who sees them. */
export const ITEMS = `reservation_item i JOIN reservation r ON r.id = i.reservation_id JOIN facility f ON f.id = i.facility_id`;
const VISIBILITY_COLUMNS = `f.area, r.origin_area AS origin, r.approved_by_spoc AS "approvedBySpoc"`;

/** That of reservation `r` at least one slot is seen, by who is described from parameter `first` on. */
export const isPartlySeen = (first: number) => `EXISTS (
  SELECT FROM reservation_item i JOIN facility f ON f.id = i.facility_id WHERE i.reservation_id = r.id AND ${isSeen(first)})`;

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

/** When slots of facilities ($1) were last reserved, by any process's clock. */
export const LAST_CLAIMED = `
SELECT max(claimed_at) AS "lastClaimed" FROM (
  SELECT r.created_at FROM reservation_item i JOIN reservation r ON r.id = i.reservation_id
  WHERE i.facility_id = ANY($1::uuid[]) AND NOT i.settled
  UNION ALL
  SELECT placed_at FROM hold WHERE facility_id = ANY($1::uuid[]) AND remaining > 0
) AS claims (claimed_at)`;

/** Transitions: $1 the items, $2 the instant, $3 by whom; $4 the times until which each is kept. */
export const CONFIRM = `
UPDATE reservation_item i SET expires_at = c.expires_at, confirmed_at = COALESCE(i.confirmed_at, $2),
  confirmed_by = COALESCE(i.confirmed_by, $3)
FROM unnest($1::uuid[], $4::timestamptz[]) AS c (id, expires_at) WHERE i.id = c.id`;
export const REDEEM = `
UPDATE reservation_item SET redeemed_at = $2, redeemed_by = $3 WHERE id = ANY($1::uuid[])`;
export const RELEASE = `
UPDATE reservation_item SET released_at = $2, released_by = $3, settled = true WHERE id = ANY($1::uuid[])`;
