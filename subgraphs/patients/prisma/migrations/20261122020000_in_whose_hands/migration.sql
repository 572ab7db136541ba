-- The houses in whose hands a patient is, for whom his name is: where he is treated, where he has arrived or died after his
-- arrival, and until he is handed over there the house that sent him. A house that only expects him is none of them.
CREATE FUNCTION holding_facilities(patient UUID) RETURNS SETOF UUID LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.facility_id FROM "patient" p WHERE p.id = patient AND p.facility_id IS NOT NULL
  UNION
  SELECT t.from_facility FROM "transfer" t
  WHERE t.patient_id = patient AND t.from_facility IS NOT NULL
    AND t.status IN ('PICKED_UP', 'UNDER_WAY', 'DIVERTED', 'ARRIVED', 'DIED')
  UNION
  SELECT t.to_facility FROM "transfer" t
  WHERE t.patient_id = patient AND t.to_facility IS NOT NULL
    AND (t.status = 'ARRIVED'
      OR t.status = 'DIED'
        AND EXISTS (SELECT FROM "transfer_step" s WHERE s.transfer_id = t.id AND s.status = 'ARRIVED'))
$$;
