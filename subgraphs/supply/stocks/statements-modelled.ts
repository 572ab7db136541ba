import { MODELLED_FACILITIES } from '../facilities/index.js';

/** Facilities that can be modelled and of which no stock was modelled yet; at most $2. $1 as `MODELLED_FACILITIES` has it. */
export const FACILITIES_WITHOUT_MODEL = {
  name: 'facilities-without-modelled-stocks',
  text: `${MODELLED_FACILITIES}
  AND f.site_number IS NOT NULL
  AND NOT EXISTS (SELECT FROM stock s WHERE s.holder_id = f.id AND s.model_rule IS NOT NULL)
LIMIT $2`,
};

/** The items with these ids ($1) or Pharmazentralnummern ($2). */
export const MODELLED_ITEMS =
  'SELECT id, pzn, unit FROM item WHERE id = ANY ($1::uuid[]) OR pzn = ANY ($2::text[])';

/**
 * Stores modelled stocks ($1 to $8) at an instant ($9) on behalf of $10, with the row from which their history begins; one that the holder
 * has already stays as it is. A model is no booking of any instant, so that a count of one before counts.
 */
export const STORE_MODELLED_STOCKS = {
  name: 'store-modelled-stocks',
  text: `
WITH stored AS (
  INSERT INTO stock (id, holder_kind, holder_id, item_id, quantity, average_consumption, days_of_cover, modelled, consumption_modelled,
    model_rule, renewal_quantity, renewal_days, renews_at, created_at, changed_at)
  SELECT g.id, 'FACILITY', g.holder_id, g.item_id, g.quantity, g.average_consumption, (g.quantity / g.average_consumption)::float8,
    true, true, g.model_rule, g.quantity, g.renewal_days, g.renews_at, $9, $9
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::numeric[], $5::numeric[], $6::int[], $7::timestamptz[], $8::text[])
    AS g (id, holder_id, item_id, quantity, average_consumption, renewal_days, renews_at, model_rule)
  ORDER BY g.holder_id, g.item_id
  ON CONFLICT (holder_id, item_id) DO NOTHING
  RETURNING id, quantity, average_consumption, model_rule
), batches AS (
  INSERT INTO stock_batch (stock_id, batch, quantity, booked_to) SELECT id, '', quantity, 'epoch' FROM stored
)
INSERT INTO stock_booking (id, stock_id, kind, batch, change, quantity_after, average_consumption, reason, by, at, recorded_at)
SELECT gen_random_uuid(), id, 'CORRECTION', '', quantity, quantity, average_consumption, 'Modelled by ' || model_rule, $10, $9, $9
FROM stored`,
};

/** Locks up to $2 modelled stocks that are not at their level because of bookings, and of which a delivery is due at $1; in thousandths. */
export const DUE_MODELLED_STOCKS = {
  name: 'due-modelled-stocks',
  text: `
SELECT holder_id AS facility, item_id AS item, (quantity * 1000)::float8 AS quantity, (renewal_quantity * 1000)::float8 AS level,
  (average_consumption * 1000 * renewal_days)::float8 AS used, i.unit
FROM stock s JOIN item i ON i.id = s.item_id WHERE modelled AND quantity <> renewal_quantity AND renews_at <= $1
ORDER BY holder_id, item_id LIMIT $2 FOR UPDATE OF s`,
};
