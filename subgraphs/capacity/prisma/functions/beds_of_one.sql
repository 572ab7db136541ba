-- Rule: the beds of one facility are those of beds_at. Its plan is the same for any facility and so is kept: planning takes
-- longer than the look-up.
-- Tests: subgraphs/capacity/beds/beds.test.ts, subgraphs/capacity/beds/shares.test.ts
DO $derive$
BEGIN
  EXECUTE regexp_replace(
    replace(pg_get_functiondef('beds_at(timestamptz)'::regprocedure), 'beds_at(', 'beds_of_one(facility UUID, '),
    'true /\* filter ([bihd]) \*/', '\1.facility_id = facility', 'g');
END $derive$;
