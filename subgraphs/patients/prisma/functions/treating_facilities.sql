-- Rule: a patient is at the facility that treats them and at the one where they have arrived. With `expecting` also those
-- facilities are returned that have accepted the patient and expect them.
-- Tests: subgraphs/patients/registry/patients/patients.test.ts
CREATE OR REPLACE FUNCTION treating_facilities(patient UUID, expecting BOOLEAN) RETURNS SETOF UUID
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.facility_id FROM "patient" p WHERE p.id = patient AND p.facility_id IS NOT NULL
  UNION
  SELECT t.to_facility FROM "transfer" t
  WHERE t.patient_id = patient AND t.to_facility IS NOT NULL
    AND (t.status = 'ARRIVED'
      OR expecting AND t.status IN ('ACCEPTED', 'TRANSPORT_SOUGHT', 'TRANSPORT_ASSIGNED', 'PICKED_UP', 'UNDER_WAY'))
$$;
