-- A facility's own reports of intensive care replace its modelled share of the register's total, and reservations and holds
-- follow: decision record 19. Replaces the functions beds_at, beds_of and beds_of_one and adds shares_of.

-- The category whose beds a reservation or a hold takes. The last three arguments are a row of shares_of, null where the
-- facility has no modelled share, or reports no level itself.
CREATE FUNCTION counted_as(category "BedCategory", replaced BOOLEAN, stand_in "BedCategory", without_children BOOLEAN)
RETURNS "BedCategory" LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE
  WHEN replaced IS NULL THEN category
  WHEN replaced THEN CASE WHEN category = 'ICU_UNSPECIFIED' THEN stand_in ELSE category END
  WHEN category IN ('ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO') THEN 'ICU_UNSPECIFIED'
  WHEN category = 'PAEDIATRIC_ICU' AND NOT without_children THEN 'ICU_UNSPECIFIED'
  ELSE category
END;

DROP FUNCTION beds_at(TIMESTAMPTZ);
DROP FUNCTION beds_of(UUID[], TIMESTAMPTZ);
DROP FUNCTION beds_of(UUID[], "BedCategory"[], TIMESTAMPTZ);
DROP FUNCTION beds_of_one(UUID, TIMESTAMPTZ);

-- The report in force per facility and category at a moment, with what is claimed of the beds and what follows from it:
-- the one place where this is decided for reading. The facility's own report wins while it is fresh; otherwise the newest,
-- whoever made it.
--
-- A modelled report of ICU_UNSPECIFIED is the facility's share of a total over all levels of intensive care, children
-- included. So the same rule holds between it and the facility's own reports, with numbers, of the levels:
--
-- - ICU_LOW_CARE, ICU_HIGH_CARE and ECMO together replace the share while one of them is fresh, or not older than the share.
-- - Otherwise the share is in force and stands for them: they are left out, and so no bed counts twice.
-- - PAEDIATRIC_ICU is subtracted from a share in force under the same condition, never below 0, and left out otherwise.
-- - NEONATAL_ICU is in no share, because the total has none.
--
-- What was reserved or held in a category that is left out counts in the one that stands for it: the share, or, where the
-- share is replaced, the stand-in, which is ICU_HIGH_CARE, else ICU_LOW_CARE, else ECMO, the fresh ones first.
--
-- reserved: given places whose time has not run out, neither redeemed nor released.
-- occupied: as reported, and patients redeemed since, because the report cannot know of them; since it was received, where
--           the facility's clock runs ahead.
-- held:     what hubs hold back and have not released, while the area's phase is below the one it counts from.
-- is_stand_in: whether these beds stand for a replaced share, so that a request for ICU_UNSPECIFIED is met from them.
--
-- One text makes four functions, so that each filter stands at the tables themselves: beds_at(moment) for all facilities,
-- beds_of(facilities, moment) for some, which costs the same however many there are in all,
-- beds_of(facilities, categories, moment) for some of their categories (and for ICU_UNSPECIFIED its stand-ins), and
-- beds_of_one(facility, moment), whose plan is the same for any facility and so is kept: planning takes longer than the
-- look-up.
--
-- shares_of(facilities, moment): the facilities that have a modelled share and have reported a level themselves, whether the
-- share is replaced, by which category, and whether children's beds are subtracted from it. What counted_as needs.
--
-- Common table expressions are MATERIALIZED: before a table is analyzed PostgreSQL takes it for empty and would evaluate
-- them again for each row.
DO $make$
DECLARE
  icu CONSTANT TEXT := $$'{ICU_UNSPECIFIED,ICU_LOW_CARE,ICU_HIGH_CARE,ECMO,PAEDIATRIC_ICU}'::"BedCategory"[]$$;
  named CONSTANT TEXT[] := ARRAY[
    'beds_at(', 'beds_of(facilities UUID[], ', 'beds_of(facilities UUID[], categories "BedCategory"[], ',
    'beds_of_one(facility UUID, '
  ];
  which CONSTANT TEXT[] := ARRAY[
    'true', '%1$s.facility_id = ANY (facilities)',
    -- The levels of intensive care decide on each other.
    '%1$s.facility_id = ANY (facilities) AND %1$s.category = ANY ('
      || 'CASE WHEN categories && ' || icu || ' THEN categories || ' || icu || ' ELSE categories END)',
    '%1$s.facility_id = facility'
  ];
  shown CONSTANT TEXT[] := ARRAY[
    'true', 'true',
    $$c.category = ANY (categories) OR c.is_stand_in AND 'ICU_UNSPECIFIED' = ANY (categories)$$, 'true'
  ];
  newest_and_shares CONSTANT TEXT := $text$
    WITH newest AS MATERIALIZED (
      SELECT DISTINCT ON (b.facility_id, b.category) b.*
      FROM "bed" b WHERE %s
      ORDER BY b.facility_id, b.category, (b.tier = 'OWN' AND b.stale_at > moment) DESC, b.observed_at DESC, b.tier
    ), shares AS MATERIALIZED (
      SELECT s.facility_id, s.replaced,
        CASE WHEN s.replaced
          THEN ('{ICU_HIGH_CARE,ICU_LOW_CARE,ECMO}'::"BedCategory"[])[1 + s.best_level %% 3] END AS stand_in,
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
          FROM newest n WHERE n.category = ANY (%s) AND n.facility_id IN (
            -- Most facilities report no level themselves: of them nothing is computed.
            SELECT own.facility_id FROM newest own
            WHERE own.tier = 'OWN' AND own.category IN ('ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO', 'PAEDIATRIC_ICU')
          )
        ) i
        GROUP BY i.facility_id HAVING bool_or(i.is_share)
      ) s
    )
  $text$;
BEGIN
  EXECUTE format(
    $function$
      CREATE FUNCTION shares_of(facilities UUID[], moment TIMESTAMPTZ) RETURNS TABLE (
        facility_id UUID, replaced BOOLEAN, stand_in "BedCategory", without_children BOOLEAN
      ) LANGUAGE sql STABLE ROWS 100 AS $body$
        %s SELECT s.facility_id, s.replaced, s.stand_in, s.without_children FROM shares s
      $body$
    $function$,
    format(newest_and_shares, format(which[2], 'b') || ' AND b.category = ANY (' || icu || ')', icu)
  );

  FOR n IN 1..4 LOOP
    EXECUTE format(
      $function$
        CREATE FUNCTION %smoment TIMESTAMPTZ) RETURNS TABLE (
          facility_id UUID, category "BedCategory", tier "ReportTier", operable INT, occupied INT, reserved INT,
          blocked INT, held INT, free INT, overcommitted INT, status "BedStatus", limitations "Limitation"[],
          stale_at TIMESTAMPTZ, stale BOOLEAN, source TEXT, method "Method", observed_at TIMESTAMPTZ,
          received_at TIMESTAMPTZ, late BOOLEAN, is_stand_in BOOLEAN
        ) LANGUAGE sql STABLE ROWS 3000 AS $body$
          %s, in_force AS MATERIALIZED (
            SELECT n.facility_id, n.category, n.tier, n.source, n.observed_at, n.method, n.status, n.limitations,
              n.received_at, n.late, n.stale_at, r.is_reduced, COALESCE(n.category = s.stand_in, false) AS is_stand_in,
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
              WHERE NOT i.settled AND %s
            ) i
            JOIN in_force f ON f.facility_id = i.facility_id AND f.category = i.counted
            GROUP BY i.facility_id, i.counted
          ), holding AS MATERIALIZED (
            SELECT h.facility_id, counted_as(h.category, s.replaced, s.stand_in, s.without_children) AS category,
              h.remaining, h.counts_from, f.area
            FROM "hold" h JOIN "facility" f ON f.id = h.facility_id LEFT JOIN shares s ON s.facility_id = h.facility_id
            WHERE h.remaining > 0 AND %s
          ), kept AS MATERIALIZED (
            -- The phase is found once for each Kreis, not for each hold.
            SELECT h.facility_id, h.category, sum(h.remaining) AS held
            FROM holding h JOIN (SELECT area, phase_at(area) AS phase FROM holding GROUP BY area) p USING (area)
            WHERE h.counts_from > p.phase
            GROUP BY h.facility_id, h.category
          ), claimed AS (
            SELECT f.*, f.occupied + COALESCE(g.redeemed, 0)::int AS taken, COALESCE(g.reserved, 0)::int AS reserved,
              COALESCE(k.held, 0)::int AS held
            FROM in_force f
            LEFT JOIN given g ON g.facility_id = f.facility_id AND g.category = f.category
            LEFT JOIN kept k ON k.facility_id = f.facility_id AND k.category = f.category
          )
          SELECT c.facility_id, c.category, c.tier, c.operable, c.taken, c.reserved, c.blocked, c.held,
            CASE WHEN c.operable IS NOT NULL
              THEN GREATEST(0, c.operable - c.taken - c.reserved - c.blocked - c.held) END,
            CASE WHEN c.operable IS NOT NULL
              THEN GREATEST(0, c.taken + c.reserved + c.blocked + c.held - c.operable) END,
            -- A share says AVAILABLE while one of its beds is free; without the children's it may have none.
            CASE WHEN c.is_reduced AND c.status = 'AVAILABLE' AND c.operable <= c.occupied + c.blocked
              THEN 'UNAVAILABLE' ELSE c.status END,
            c.limitations, c.stale_at, c.stale_at <= moment,
            c.source, c.method, c.observed_at, c.received_at, c.late, c.is_stand_in
          FROM claimed c WHERE %s
        $body$
      $function$,
      named[n], format(newest_and_shares, format(which[n], 'b'), icu), format(which[n], 'i'), format(which[n], 'h'),
      shown[n]
    );
  END LOOP;
END $make$;
