-- Rule: the phase in force in a Kreis is the strictest of those that are declared for an area around it and not ended. It does
-- not depend on an instant: an instant taken before the read could lie before a declaration whose event the reader's cursor
-- has passed already.
-- Tests: subgraphs/capacity/phases/phases.test.ts, subgraphs/capacity/holds/holds.test.ts
CREATE OR REPLACE FUNCTION phase_at(kreis TEXT) RETURNS "Phase" LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT COALESCE(max(p.phase), 'EVERYDAY') FROM "phase_declaration" p
  WHERE p.area = ANY (areas_around(kreis)) AND p.ended_at IS NULL
$$;
