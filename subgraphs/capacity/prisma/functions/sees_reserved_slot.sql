-- Rule: a caller sees a reserved slot at their facilities, within or from the areas they steer, and, where the Single Points
-- of Contact approve the transfer, within or from the areas of their Kleeblatt. seesReservedSlot of access/casualty-
-- visibility.ts decides the same of events.
-- Tests: subgraphs/capacity/access/casualty-visibility.test.ts
CREATE OR REPLACE FUNCTION sees_reserved_slot(facility UUID, facility_area TEXT, origin_area TEXT, approved_by_spoc BOOLEAN,
                                    facilities UUID[], areas TEXT[], spoc_areas TEXT[]) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT facility = ANY (facilities)
    OR EXISTS (SELECT FROM unnest(areas) AS a WHERE starts_with(facility_area, a) OR starts_with(origin_area, a))
    OR (approved_by_spoc AND EXISTS (
      SELECT FROM unnest(spoc_areas) AS a WHERE starts_with(facility_area, a) OR starts_with(origin_area, a)))
$$;
