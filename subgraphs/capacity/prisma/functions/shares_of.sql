-- Rule: a facility that has a modelled share and has reported a level itself: whether the share is replaced, by which
-- category, and whether children's beds are subtracted from it, as beds_at decides; what counted_as needs.
-- Tests: subgraphs/capacity/beds/shares.test.ts
DO $derive$
DECLARE
  shares CONSTANT TEXT := split_part(
    (SELECT prosrc FROM pg_proc WHERE oid = 'beds_at(timestamptz)'::regprocedure), '/* end of shares */', 1);
BEGIN
  EXECUTE format(
    $function$
      CREATE OR REPLACE FUNCTION shares_of(facilities UUID[], moment TIMESTAMPTZ) RETURNS TABLE (
        facility_id UUID, replaced BOOLEAN, stand_in "BedCategory", without_children BOOLEAN
      ) LANGUAGE sql STABLE ROWS 100 AS %L
    $function$,
    replace(shares, 'true /* filter b */',
      $$b.facility_id = ANY (facilities)
        AND b.category = ANY ('{ICU_UNSPECIFIED,ICU_LOW_CARE,ICU_HIGH_CARE,ECMO,PAEDIATRIC_ICU}'::"BedCategory"[])$$)
      || 'SELECT s.facility_id, s.replaced, s.stand_in, s.without_children FROM shares s');
END $derive$;
