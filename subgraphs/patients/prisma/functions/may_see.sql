-- Rule: a caller may know of a patient who is in one of the caller's areas or concerns one of the caller's facilities. Every
-- read of patients and of what belongs to them goes through this function: for a hidden id and a missing one the same
-- statements run.
-- Tests: subgraphs/patients/access/privacy.test.ts, subgraphs/patients/access/concerned.test.ts
CREATE OR REPLACE FUNCTION may_see(patient UUID, patient_area TEXT, areas TEXT[], facilities UUID[]) RETURNS BOOLEAN
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM unnest(areas) AS a WHERE starts_with(patient_area, a))
    OR (cardinality(facilities) > 0
        AND EXISTS (SELECT FROM concerned_facilities(patient) AS f WHERE f = ANY (facilities)))
$$;
