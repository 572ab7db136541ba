-- Rule: the beds of a facility and category are those of the report in force, with what is claimed of them and what follows
-- from it. Only this function decides that for reads. The facility's own report wins while it is fresh; otherwise
-- the newest, of whatever source.
--
-- A modelled report of ICU_UNSPECIFIED is the facility's share of a total over all levels of intensive care, children
-- included. So the same rule holds between it and the facility's own reports, with numbers, of the levels
-- (docs/decisions/0019):
--
-- - ICU_LOW_CARE, ICU_HIGH_CARE and ECMO together replace the share while one of them is fresh, or not older than the share.
-- - Otherwise the share is in force and stands for them: they are left out, and so no bed counts twice.
-- - PAEDIATRIC_ICU is subtracted from a share in force under the same condition, never below 0, and left out otherwise.
-- - NEONATAL_ICU is in no share, because the total has none.
--
-- Reserved and held beds of a category that is left out count in the one that stands for it: the share, or, where the
-- share is replaced, the stand-in, which is ICU_HIGH_CARE, else ICU_LOW_CARE, else ECMO, the fresh ones first.
--
-- reserved: slots that were given and whose time has not run out, neither redeemed nor released.
-- occupied: as reported, and patients redeemed since, because the report cannot know of them; since it was received, where
--           the facility's clock runs ahead.
-- held:     what hubs hold back and have not released, while the area's phase is below the one it counts from.
-- sustained: the least beds that a cause lets the facility keep in use, of the declarations whose hour of failure has come and that
--           nobody overrides; null without a limit. Modelled ones limit nothing. A limit of ICU_UNSPECIFIED is one of each level;
--           those of ICU_LOW_CARE and ICU_HIGH_CARE together are one of a share that stands for them (docs/decisions/0032).
-- free:     the lesser of operable - blocked and sustained, minus what is occupied, reserved and held.
-- free_ahead: the same with the declarations whose hour of failure is so near that nobody is sent there any more.
-- is_unsustained: whether nothing is free_ahead because of a limit, and something would be without.
-- is_stand_in: whether these beds stand for a replaced share, so that a request for ICU_UNSPECIFIED is met from them.
-- report:   the row of the report in force as it is stored, for columns that no rule concerns and that are not listed here.
--
-- beds_of, beds_of_one and shares_of are derived from this text: each comment "filter" marks a condition that they narrow.
-- Common table expressions are MATERIALIZED: before a table is analyzed PostgreSQL takes it for empty and would evaluate them
-- again for each row.
-- Tests: subgraphs/capacity/beds/beds.test.ts, subgraphs/capacity/beds/shares.test.ts,
-- subgraphs/capacity/reservations/property.test.ts, subgraphs/capacity/sustainability/limiting.test.ts
CREATE OR REPLACE FUNCTION beds_at(moment TIMESTAMPTZ) RETURNS TABLE (
  facility_id UUID, category "BedCategory", tier "ReportTier", operable INT, occupied INT, reserved INT, blocked INT,
  held INT, free INT, free_ahead INT, is_unsustained BOOLEAN, overcommitted INT, status "BedStatus", limitations "Limitation"[], stale_at TIMESTAMPTZ,
  stale BOOLEAN, source TEXT, method "Method", observed_at TIMESTAMPTZ, received_at TIMESTAMPTZ, late BOOLEAN,
  is_stand_in BOOLEAN, report "bed"
) LANGUAGE sql STABLE ROWS 3000 AS $$
  WITH newest AS MATERIALIZED (
    SELECT DISTINCT ON (b.facility_id, b.category) b.*
    FROM "bed" b WHERE true /* filter b */
    ORDER BY b.facility_id, b.category, (b.tier = 'OWN' AND b.stale_at > moment) DESC, b.observed_at DESC, b.tier
  ), shares AS MATERIALIZED (
    SELECT s.facility_id, s.replaced,
      CASE WHEN s.replaced
        THEN ('{ICU_HIGH_CARE,ICU_LOW_CARE,ECMO}'::"BedCategory"[])[1 + s.best_level % 3] END AS stand_in,
      s.without_children, s.children_operable, s.children_occupied, s.children_blocked
    FROM (
      SELECT i.facility_id,
        COALESCE(bool_or(i.stale_at > moment) FILTER (WHERE i.is_level)
          OR max(i.observed_at) FILTER (WHERE i.is_level) >= max(i.observed_at) FILTER (WHERE i.is_share), false)
          AS replaced,
        min(CASE i.category WHEN 'ICU_HIGH_CARE' THEN 0 WHEN 'ICU_LOW_CARE' THEN 1 ELSE 2 END
          + CASE WHEN i.stale_at > moment THEN 0 ELSE 3 END) FILTER (WHERE i.is_level) AS best_level,
        COALESCE(bool_or(i.stale_at > moment) FILTER (WHERE i.is_children)
          OR max(i.observed_at) FILTER (WHERE i.is_children) >= max(i.observed_at) FILTER (WHERE i.is_share), false)
          AS without_children,
        max(i.operable) FILTER (WHERE i.is_children) AS children_operable,
        max(i.occupied) FILTER (WHERE i.is_children) AS children_occupied,
        max(i.blocked) FILTER (WHERE i.is_children) AS children_blocked
      FROM (
        SELECT n.*, n.tier = 'MODELLED' AND n.category = 'ICU_UNSPECIFIED' AS is_share,
          n.tier = 'OWN' AND n.category IN ('ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO') AND n.operable IS NOT NULL
            AS is_level,
          n.tier = 'OWN' AND n.category = 'PAEDIATRIC_ICU' AND n.operable IS NOT NULL AS is_children
        FROM newest n
        WHERE n.category = ANY ('{ICU_UNSPECIFIED,ICU_LOW_CARE,ICU_HIGH_CARE,ECMO,PAEDIATRIC_ICU}'::"BedCategory"[])
          AND n.facility_id IN (
            -- Most facilities report no level themselves: of them nothing is computed.
            SELECT own.facility_id FROM newest own
            WHERE own.tier = 'OWN' AND own.category IN ('ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO', 'PAEDIATRIC_ICU')
          )
      ) i
      GROUP BY i.facility_id HAVING bool_or(i.is_share)
    ) s
  ) /* end of shares */, in_force AS MATERIALIZED (
    SELECT n.facility_id, n.category, n.tier, n.source, n.observed_at, n.method, n.status, n.limitations,
      n.received_at, n.late, n.stale_at, n::"bed" AS report, r.is_reduced, COALESCE(n.category = s.stand_in, false) AS is_stand_in,
      CASE WHEN r.is_reduced THEN GREATEST(0, n.operable - s.children_operable) ELSE n.operable END AS operable,
      CASE WHEN r.is_reduced THEN GREATEST(0, n.occupied - s.children_occupied) ELSE n.occupied END AS occupied,
      CASE WHEN r.is_reduced THEN GREATEST(0, n.blocked - s.children_blocked) ELSE n.blocked END AS blocked
    FROM newest n
    LEFT JOIN shares s ON s.facility_id = n.facility_id
    CROSS JOIN LATERAL (
      SELECT COALESCE(n.category = 'ICU_UNSPECIFIED' AND s.without_children, false) AS is_reduced
    ) r
    WHERE CASE
      WHEN s.facility_id IS NULL THEN true
      WHEN n.category = 'ICU_UNSPECIFIED' THEN NOT s.replaced
      WHEN n.tier = 'MODELLED' OR n.operable IS NULL THEN true
      ELSE counted_as(n.category, s.replaced, s.stand_in, s.without_children) = n.category
    END
  ), given AS MATERIALIZED (
    SELECT i.facility_id, i.counted AS category,
      sum(i.count) FILTER (WHERE i.redeemed_at IS NULL AND i.released_at IS NULL AND i.expires_at > moment)
        AS reserved,
      sum(i.count) FILTER (WHERE i.redeemed_at > LEAST(f.observed_at, f.received_at)) AS redeemed
    FROM (
      SELECT i.*, counted_as(i.category, s.replaced, s.stand_in, s.without_children) AS counted
      FROM "reservation_item" i LEFT JOIN shares s ON s.facility_id = i.facility_id
      WHERE NOT i.settled AND true /* filter i */
    ) i
    JOIN in_force f ON f.facility_id = i.facility_id AND f.category = i.counted
    GROUP BY i.facility_id, i.counted
  ), holding AS MATERIALIZED (
    SELECT h.facility_id, counted_as(h.category, s.replaced, s.stand_in, s.without_children) AS category,
      h.remaining, h.counts_from, f.area
    FROM "hold" h JOIN "facility" f ON f.id = h.facility_id LEFT JOIN shares s ON s.facility_id = h.facility_id
    WHERE h.remaining > 0 AND true /* filter h */
  ), kept AS MATERIALIZED (
    -- The phase is found once for each Kreis, not for each hold.
    SELECT h.facility_id, h.category, sum(h.remaining) AS held
    FROM holding h JOIN (SELECT area, phase_at(area) AS phase FROM holding GROUP BY area) p USING (area)
    WHERE h.counts_from > p.phase
    GROUP BY h.facility_id, h.category
  ), limits AS MATERIALIZED (
    SELECT d.facility_id, d.category, min(d.beds) FILTER (WHERE d.from_at <= moment) AS now, min(d.beds) AS ahead
    FROM "sustainable_beds" d
    WHERE NOT d.modelled AND d.beds IS NOT NULL AND is_left_out(d.left_out, d.from_at, moment) AND true /* filter d */
      AND NOT EXISTS (
        SELECT FROM "sustainability_override" o
        WHERE o.facility_id = d.facility_id AND o.cause = d.cause AND o.replaced_at IS NULL AND o.until > moment
      )
    GROUP BY d.facility_id, d.category
  ), limited AS MATERIALIZED (
    SELECT l.facility_id, l.category, l.now, l.ahead FROM limits l
    UNION ALL
    SELECT l.facility_id, level.category, l.now, l.ahead FROM limits l
    CROSS JOIN unnest('{ICU_LOW_CARE,ICU_HIGH_CARE,ECMO}'::"BedCategory"[]) AS level (category)
    WHERE l.category = 'ICU_UNSPECIFIED'
    UNION ALL
    -- One pass over all levels: a join of the table with itself would take its product where many facilities fail.
    SELECT l.facility_id, 'ICU_UNSPECIFIED',
      max(l.now) FILTER (WHERE l.category = 'ICU_LOW_CARE') + max(l.now) FILTER (WHERE l.category = 'ICU_HIGH_CARE')
        + COALESCE(max(l.now) FILTER (WHERE l.category = 'ECMO'), 0),
      max(l.ahead) FILTER (WHERE l.category = 'ICU_LOW_CARE') + max(l.ahead) FILTER (WHERE l.category = 'ICU_HIGH_CARE')
        + COALESCE(max(l.ahead) FILTER (WHERE l.category = 'ECMO'), 0)
    FROM limits l WHERE l.category IN ('ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO') GROUP BY l.facility_id
  ), sustained AS MATERIALIZED (
    SELECT facility_id, category, min(now) AS now, min(ahead) AS ahead FROM limited GROUP BY facility_id, category
  ), claimed AS (
    SELECT f.*, f.occupied + COALESCE(g.redeemed, 0)::int AS occupied_now, COALESCE(g.reserved, 0)::int AS reserved,
      COALESCE(k.held, 0)::int AS held, f.occupied + COALESCE(g.redeemed, 0)::int + COALESCE(g.reserved, 0)::int
        + COALESCE(k.held, 0)::int AS claims,
      LEAST(f.operable - f.blocked, u.now) AS usable, LEAST(f.operable - f.blocked, u.ahead) AS usable_ahead
    FROM in_force f
    LEFT JOIN given g ON g.facility_id = f.facility_id AND g.category = f.category
    LEFT JOIN kept k ON k.facility_id = f.facility_id AND k.category = f.category
    LEFT JOIN sustained u ON u.facility_id = f.facility_id AND u.category = f.category
  )
  SELECT c.facility_id, c.category, c.tier, c.operable, c.occupied_now, c.reserved, c.blocked, c.held,
    -- Without operable beds stated nothing is known of them, whatever limits them.
    CASE WHEN c.operable IS NOT NULL THEN GREATEST(0, c.usable - c.claims) END,
    CASE WHEN c.operable IS NOT NULL THEN GREATEST(0, c.usable_ahead - c.claims) END,
    COALESCE(c.usable_ahead <= c.claims AND c.operable - c.blocked > c.claims, false),
    CASE WHEN c.operable IS NOT NULL THEN GREATEST(0, c.claims - c.usable) END,
    -- A share says AVAILABLE while one of its beds is free; without the children's it may have none.
    CASE WHEN c.is_reduced AND c.status = 'AVAILABLE' AND c.operable <= c.occupied + c.blocked
      THEN 'UNAVAILABLE' ELSE c.status END,
    c.limitations, c.stale_at, c.stale_at <= moment,
    c.source, c.method, c.observed_at, c.received_at, c.late, c.is_stand_in, c.report
  FROM claimed c WHERE true /* filter result */
$$;
