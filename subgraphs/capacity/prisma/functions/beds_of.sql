-- Rule: the beds of some facilities, or of some of their categories, are those of beds_at. The filter stands at the tables
-- themselves, so that the cost does not depend on the number of all facilities. With ICU_UNSPECIFIED the categories that stand
-- for it are returned as well.
-- Tests: subgraphs/capacity/beds/beds.test.ts, subgraphs/capacity/beds/shares.test.ts
DO $derive$
DECLARE
  beds_at CONSTANT TEXT := pg_get_functiondef('beds_at(timestamptz)'::regprocedure);
  filter CONSTANT TEXT := 'true /\* filter ([bihd]) \*/';
  icu CONSTANT TEXT := $$'{ICU_UNSPECIFIED,ICU_LOW_CARE,ICU_HIGH_CARE,ECMO,PAEDIATRIC_ICU}'::"BedCategory"[]$$;
BEGIN
  EXECUTE regexp_replace(
    replace(beds_at, 'beds_at(', 'beds_of(facilities UUID[], '),
    filter, '\1.facility_id = ANY (facilities)', 'g');

  -- The levels of intensive care decide on each other.
  EXECUTE replace(
    regexp_replace(
      replace(beds_at, 'beds_at(', 'beds_of(facilities UUID[], categories "BedCategory"[], '),
      filter,
      '\1.facility_id = ANY (facilities) AND \1.category = ANY (CASE WHEN categories && ' || icu
        || ' THEN categories || ' || icu || ' ELSE categories END)',
      'g'),
    'true /* filter result */',
    $$c.category = ANY (categories) OR c.is_stand_in AND 'ICU_UNSPECIFIED' = ANY (categories)$$);
END $derive$;
