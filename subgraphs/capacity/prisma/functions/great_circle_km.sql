-- Rule: distance is that of the great circle on a sphere of 6371 km, in kilometres.
-- Tests: subgraphs/capacity/facilities/facilities.test.ts
CREATE OR REPLACE FUNCTION great_circle_km(lat1 FLOAT8, lon1 FLOAT8, lat2 FLOAT8, lon2 FLOAT8) RETURNS FLOAT8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 2 * 6371 * asin(sqrt(LEAST(1,
    sin(radians(lat2 - lat1) / 2) ^ 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ^ 2)))
$$;
