-- Rule: a facility is left out of mass-casualty intake while it is declared that it can keep no bed of intensive care, of
-- intermediate care or of its wards in use from an hour that is near (is_left_out): a casualty needs one of these, and the intake names none.
-- Without blood it takes none, whatever beds that limits, because casualties bleed; without food it does, because they need theatres tonight.
-- Its hour of failure is the earliest of these; modelled declarations and overridden causes do not count.
-- Tests: subgraphs/capacity/sustainability/limiting.test.ts
CREATE OR REPLACE FUNCTION failing_facilities(facilities UUID[], moment TIMESTAMPTZ)
RETURNS TABLE (facility_id UUID, fails_at TIMESTAMPTZ) LANGUAGE sql STABLE ROWS 10 AS $$
  SELECT d.facility_id, min(d.from_at)
  FROM "sustainable_beds" d
  WHERE NOT d.modelled AND d.beds IS NOT NULL AND d.beds = 0 AND is_left_out(d.left_out, d.from_at, moment)
    AND d.facility_id = ANY (facilities)
    AND (d.cause = 'BLOOD' OR (d.cause <> 'FOOD'
      AND d.category = ANY ('{ICU_UNSPECIFIED,ICU_LOW_CARE,ICU_HIGH_CARE,INTERMEDIATE_CARE,NORMAL_WARD}'::"BedCategory"[])))
    AND NOT EXISTS (
      SELECT FROM "sustainability_override" o
      WHERE o.facility_id = d.facility_id AND o.cause = d.cause AND o.replaced_at IS NULL AND o.until > moment
    )
  GROUP BY d.facility_id
$$;
