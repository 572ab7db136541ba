import { CONCERNS_ITEM, duties } from '../stocks/index.js';

/**
 * The sums of what is missing, by Kreis and item: of areas like $1, an item ($2, null for all), behind a Kreis ($3) and an item ($4)
 * where they are given, at most $5, from at least $6 facilities with at most the share $7 each, of which all but the two largest need at least
 * the share $13 of the largest. $8 to $12 are `dutyValues`. Only of areas like those of $14, and without the holders $15.
 * The rule stands in `rules.ts`.
 */
export const NEEDS = `
WITH duty AS MATERIALIZED (
  SELECT i.id AS item_id, max(d.required_days) AS days FROM item i JOIN ${duties(8)} ON ${CONCERNS_ITEM}
  WHERE d.holder = 'FACILITY' GROUP BY i.id
), missing AS (
  SELECT f.area, s.item_id,
    GREATEST(CASE WHEN s.consumption_modelled THEN 0 ELSE COALESCE(duty.days * s.average_consumption, 0) END,
      COALESCE(s.minimum, 0)) - (s.quantity - s.unusable_quantity) AS quantity
  FROM stock s
  JOIN facility f ON f.id = s.holder_id
  LEFT JOIN duty ON duty.item_id = s.item_id
  WHERE f.area LIKE $1 AND f.area LIKE ANY ($14::text[]) AND NOT s.modelled AND ($2::uuid IS NULL OR s.item_id = $2)
    -- What is missing is computed of the few of which something is: these two are cheap.
    AND (s.days_of_cover < duty.days OR s.minimum > s.quantity - s.unusable_quantity)
    AND NOT s.holder_id = ANY($15::uuid[])
)
SELECT m.area, m.item_id AS "itemId", sum(m.quantity)::float8 AS missing, count(*)::int AS facilities
FROM missing m
WHERE m.quantity > 0 AND ($3::text IS NULL OR (m.area, m.item_id) > ($3, $4::uuid))
GROUP BY m.area, m.item_id
HAVING count(*) >= $6::int AND max(m.quantity) <= sum(m.quantity) * $7::float8::numeric
  AND sum(m.quantity) - max(m.quantity) - (array_agg(m.quantity ORDER BY m.quantity DESC))[2] >= max(m.quantity) * $13::float8::numeric
ORDER BY m.area, m.item_id LIMIT $5`;
