-- Rule: a person counts once. Of the commitments that hold at an instant and bind in a phase, the one of the highest rank wins;
-- of equal ranks the older one. `kinds` and `ranks` are the kinds of commitments that bind in the phase, with their ranks
-- (data/commitment-ranks). A commitment from which the person is exempt binds nobody. Returns every commitment that binds in the phase,
-- whether it is the one that wins, and which kind wins.
-- Tests: subgraphs/personnel/staffing/staffing.test.ts, subgraphs/personnel/staffing/property.test.ts
CREATE OR REPLACE FUNCTION binding_commitments(kinds TEXT[], ranks INTEGER[], at TIMESTAMPTZ)
RETURNS TABLE (commitment UUID, person UUID, facility UUID, staff_group "StaffGroup", wins BOOLEAN, winner "CommitmentKind")
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT c.id, p.person, c.facility_id, c.staff_group,
    row_number() OVER by_rank = 1,
    first_value(c.kind) OVER by_rank
  FROM commitment c
  JOIN professional p ON p.id = c.professional_id
  JOIN unnest(kinds, ranks) AS r (kind, rank) ON r.kind = c.kind::text
  WHERE c.valid_from <= at AND (c.valid_until IS NULL OR c.valid_until > at) AND c.ended_at IS NULL AND c.exempt_at IS NULL
    AND p.withdrawn_at IS NULL
  WINDOW by_rank AS (PARTITION BY p.person ORDER BY r.rank, c.valid_from, c.id)
$$;
