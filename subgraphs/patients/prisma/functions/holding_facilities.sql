-- Rule: a patient's name is for the facilities that have the patient: where they are treated, where they arrived or died after
-- their arrival, and until the hand-over the facility that sent them, also if they died on the way. A facility that only
-- expects the patient is none of them.
-- Tests: subgraphs/patients/access/privacy.test.ts, subgraphs/patients/registry/identities/identities.test.ts
CREATE OR REPLACE FUNCTION holding_facilities(patient UUID) RETURNS SETOF UUID LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.facility_id FROM "patient" p WHERE p.id = patient AND p.facility_id IS NOT NULL
  UNION
  SELECT f FROM "transfer" t, unnest(ARRAY[t.from_facility, t.to_facility]) AS f
  WHERE t.patient_id = patient AND f IS NOT NULL
    AND CASE
      WHEN t.status IN ('PICKED_UP', 'UNDER_WAY', 'DIVERTED') THEN f = t.from_facility
      WHEN t.status = 'ARRIVED' THEN true
      WHEN t.status <> 'DIED' THEN false
      WHEN EXISTS (SELECT FROM "transfer_step" s WHERE s.transfer_id = t.id AND s.status = 'ARRIVED')
        THEN f = t.to_facility
      ELSE f = t.from_facility
    END
$$;
