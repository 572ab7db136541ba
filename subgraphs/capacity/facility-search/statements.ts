/** Facilities in the area $1 and, where $2 to $4 name a circle, within it; in the order in which lists of facilities are. */
export const FACILITIES_OF_AREA = `
SELECT f.id, f.area, f.kind::text, f.kilometres,
  COALESCE(f.kilometres, (extract(epoch FROM f.created_at) * 1000)::float8) AS value
FROM (
  SELECT *, CASE WHEN $2::float8 IS NOT NULL THEN great_circle_km($2, $3::float8, latitude, longitude) END AS kilometres
  FROM facility WHERE starts_with(area, $1)
) f
WHERE f.kilometres IS NULL OR f.kilometres <= $4::float8
ORDER BY value, f.id`;

/** The $2 facilities nearest to facility $1, without itself, of those that may have what is wanted. */
const around = (mayHave: string) => `
SELECT f.id, f.area, f.kind::text, f.kilometres, f.kilometres AS value
FROM (
  SELECT other.*, great_circle_km(one.latitude, one.longitude, other.latitude, other.longitude) AS kilometres
  FROM facility one JOIN facility other ON other.id <> one.id WHERE one.id = $1
) f
WHERE ${mayHave}
ORDER BY value, f.id LIMIT $2`;

/** With a fresh report at $3 by which $5 beds of one of the categories $4 were left before anything was claimed. */
export const NEAREST_WITH_BEDS = around(`f.id IN (
  SELECT facility_id FROM bed
  WHERE category = ANY ($4::"BedCategory"[]) AND stale_at > $3 AND operable - occupied - blocked >= $5::int)`);

/** That facility `f` has an intake at the instant, declared or by its trauma level. */
export const hasIntake = (instant: string) => `(
  EXISTS (SELECT FROM capability_declaration c WHERE c.id = f.declared_id AND c.trauma_level IS NOT NULL)
  OR EXISTS (
    SELECT FROM intake_declaration d WHERE d.facility_id = f.id
      AND (d.valid_from <= ${instant} OR d.valid_from <= d.declared_at) AND d.valid_until > ${instant}))`;

/** With an intake at $3. */
export const NEAREST_WITH_INTAKE = around(hasIntake('$3'));
