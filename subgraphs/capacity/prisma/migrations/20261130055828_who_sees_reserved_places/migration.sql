-- AlterTable
ALTER TABLE "reservation" ADD COLUMN     "approved_by_spoc" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "origin_area" TEXT;

-- Whether a caller sees a reserved place: at their facilities, within or from the areas they steer, and, where the Single
-- Points of Contact approve the transfer, within or from the areas of their Kleeblatt. The same as seesReservedPlace of
-- access/casualty-visibility.ts decides of events.
CREATE FUNCTION sees_reserved_place(facility UUID, facility_area TEXT, origin_area TEXT, approved_by_spoc BOOLEAN,
                                    facilities UUID[], areas TEXT[], spoc_areas TEXT[]) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT facility = ANY (facilities)
    OR EXISTS (SELECT FROM unnest(areas) AS a WHERE starts_with(facility_area, a) OR starts_with(origin_area, a))
    OR (approved_by_spoc AND EXISTS (
      SELECT FROM unnest(spoc_areas) AS a WHERE starts_with(facility_area, a) OR starts_with(origin_area, a)))
$$;

-- The places of a reservation's event as `<AGS>:<facility>`, so that a watcher hears of the places that they see and no
-- others.
UPDATE "outbox_event" AS e SET "tags" = ARRAY(
  SELECT f."area" || ':' || f."id" FROM "facility" f WHERE f."id"::text = ANY (e."tags") ORDER BY f."id")
WHERE e."topic" LIKE 'capacity.reservation-%';
