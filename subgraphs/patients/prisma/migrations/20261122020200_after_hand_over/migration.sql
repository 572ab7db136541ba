-- Whom a patient's way concerns: the houses that treat him, send him or are asked to take him. A transfer that ended with a
-- hand-over makes a house concerned no more: the house he was handed over to treats him, until it hands him over itself; the
-- one that sent him keeps that transfer, and learns nothing of what comes after.
CREATE OR REPLACE FUNCTION concerned_facilities(patient UUID) RETURNS SETOF UUID LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.facility_id FROM "patient" p WHERE p.id = patient AND p.facility_id IS NOT NULL
  UNION
  SELECT f FROM "transfer" t, unnest(ARRAY[t.from_facility, t.to_facility]) AS f
  WHERE t.patient_id = patient AND f IS NOT NULL AND t.status NOT IN ('REJECTED', 'CANCELLED', 'HANDED_OVER')
    AND (f = t.from_facility OR t.status NOT IN ('REQUESTED', 'DEFERRED', 'APPROVED', 'REFUSED'))
$$;
