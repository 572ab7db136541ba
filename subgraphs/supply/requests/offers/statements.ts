import { anyOf, omit, selectionOf } from '../../../../shared/database/index.js';
import { seqOf } from '../../../../shared/lists/index.js';
import { supplyOfferColumns } from '../../generated/columns.js';

const OFFER = selectionOf(omit(supplyOfferColumns, 'offeredBy', 'seq'), 'o');

/** $1 areas, $2 holders: the parts of the visibility. */
const SEES_OFFER = `(coalesce(o.organisation_id, o.facility_id) = ANY ($2::uuid[])
  OR EXISTS (SELECT FROM unnest($1::text[]) AS a WHERE starts_with(o.area, a)))`;

export const OFFERS_BY_ID = {
  name: 'supply-offers-by-id',
  text: `SELECT ${OFFER} FROM supply_offer o WHERE o.id = ${anyOf('$3')} AND ${SEES_OFFER}`,
};

/** An offer, locked until the transaction ends. */
export const OFFER_LOCKED = {
  name: 'supply-offer-locked',
  text: `SELECT ${OFFER} FROM supply_offer o WHERE o.id = $1 FOR UPDATE`,
};

/** $3 area, $4 item, $5 whether something is left at $6. */
const MATCHES = `${SEES_OFFER} AND starts_with(o.area, $3) AND ($4::uuid IS NULL OR o.item_id = $4)
  AND ($5::boolean IS NULL OR $5 = (o.withdrawn_at IS NULL AND o.until > $6 AND o.committed < o.quantity))`;

export const OFFERS_PAGE = {
  name: 'supply-offers-page',
  text: `
SELECT o.id, o.offered_at AS at FROM supply_offer o
WHERE ${MATCHES} AND ($7::timestamptz IS NULL OR (o.offered_at, o.seq) < ($7, ${seqOf('supply_offer', '$8')}))
ORDER BY o.offered_at DESC, o.seq DESC LIMIT $9`,
};

export const OFFERS_COUNTED = {
  name: 'supply-offers-counted',
  text: `SELECT count(*)::int AS count FROM supply_offer o WHERE ${MATCHES}`,
};

export const STORE_OFFER = {
  name: 'store-supply-offer',
  text: `
INSERT INTO supply_offer (organisation_id, facility_id, area, item_id, quantity, available_from, until, usable_until, offered_at, offered_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
};

export const WITHDRAW_OFFER = {
  name: 'withdraw-supply-offer',
  text: `UPDATE supply_offer SET withdrawn_at = $2 WHERE id = $1`,
};

/** Adds to what commitments drew from offers $1 the quantities $2; in the order of ids, so that two transactions never deadlock. */
export const CHANGE_OFFERS = {
  name: 'change-supply-offers',
  text: `
WITH parts AS (
  SELECT id, sum(quantity) AS quantity FROM unnest($1::uuid[], $2::numeric[]) AS p (id, quantity) GROUP BY id
), locked AS (
  SELECT o.id FROM supply_offer o JOIN parts USING (id) ORDER BY o.id FOR UPDATE OF o
)
UPDATE supply_offer o SET committed = o.committed + parts.quantity FROM parts, locked
WHERE o.id = parts.id AND locked.id = parts.id
RETURNING o.id, o.area, o.organisation_id AS "organisationId", o.facility_id AS "facilityId"`,
};

/** An offer of which something is left at $2. */
const STANDS = `o.until > $2 AND o.withdrawn_at IS NULL AND o.committed < o.quantity`;

/**
 * Offers of items $1 of which something is left at $2 that can be used, at most $3 of each item: the first of every holder to be available,
 * then the second of every holder, so that nobody's offers displace those of others.
 */
export const OFFERS_OF_ITEMS = {
  name: 'supply-offers-of-items',
  text: `
SELECT o.* FROM unnest($1::uuid[]) AS i (id) CROSS JOIN LATERAL (
  SELECT ${OFFER} FROM (
    SELECT o.*, row_number() OVER (
      PARTITION BY coalesce(o.organisation_id, o.facility_id) ORDER BY o.available_from, o.seq) AS nth
    FROM supply_offer o
    WHERE o.item_id = i.id AND ${STANDS} AND (o.usable_until IS NULL OR o.usable_until > $2)
  ) o
  ORDER BY o.nth, o.available_from, o.seq LIMIT $3
) o`,
};

/** Locks the offers that the holder $1 makes of the item $2, until the transaction ends. */
export const LOCK_OFFERS_OF = {
  name: 'lock-supply-offers-of',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('supply.offers ' || $1 || ' ' || $2, 0))`,
};

/** How many offers of the item $3 the holder $1 has of which something is left at $2. */
export const STANDING_OFFERS = {
  name: 'standing-supply-offers',
  text: `SELECT count(*)::int AS count FROM supply_offer o
  WHERE o.item_id = $3 AND coalesce(o.organisation_id, o.facility_id) = $1 AND ${STANDS}`,
};

/** Requests of other facilities than $3 with an open line for item $1, needed after $2, at most $4, soonest first. */
export const REQUESTS_TO_NOTIFY = {
  name: 'supply-requests-to-notify',
  text: `
SELECT r.id, r.area, r.facility_id AS "facilityId" FROM supply_request r
WHERE r.status NOT IN ('RECEIVED', 'CANCELLED') AND r.needed_until > $2 AND r.facility_id IS DISTINCT FROM $3::uuid
  AND EXISTS (SELECT FROM supply_line l WHERE l.request_id = r.id AND l.item_id = $1 AND l.committed < l.requested)
ORDER BY r.needed_until, r.id LIMIT $4`,
};

/** The ids of requests with a line for item $1 that is open, needed after $2, and seen by suppliers $3 of the areas $4, soonest first. */
export const REQUESTS_FOR_ITEM = {
  name: 'supply-requests-for-item',
  text: `
SELECT r.id FROM supply_line l JOIN supply_request r ON r.id = l.request_id
WHERE l.item_id = $1 AND l.committed < l.requested AND r.status NOT IN ('RECEIVED', 'CANCELLED') AND r.needed_until > $2
  AND (l.addressees && $3::uuid[]
    OR l.addressees = '{}' AND EXISTS (SELECT FROM unnest($4::text[]) AS a WHERE starts_with(r.area, a)))
GROUP BY r.id ORDER BY min(r.needed_until), r.id LIMIT 1000`,
};
