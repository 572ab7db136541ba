-- Rule: a Kreis lies in the country, its Land, its Regierungsbezirk and itself. A declaration is found by these areas, however
-- many were ever made.
-- Tests: subgraphs/capacity/phases/phases.test.ts, subgraphs/capacity/holds/holds.test.ts
CREATE OR REPLACE FUNCTION areas_around(kreis TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ARRAY['', left(kreis, 2), left(kreis, 3), kreis];
