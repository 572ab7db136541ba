-- Rule: a patient concerns the facilities that treat them, send them or were requested to admit them. Together with the staff
-- of the area they are all who may know of the patient. A facility that refused, or was not requested yet, is not concerned.
-- - A hand-over ends the concern of that transfer's facilities: the receiving facility treats the patient from then on, and
--   the sending one keeps the transfer and learns nothing of what follows.
-- - A death ends the transfer: after the arrival the patient is the receiving facility's, before it the sending facility's.
-- Tests: subgraphs/patients/access/concerned.test.ts, subgraphs/patients/access/after-hand-over.test.ts
CREATE OR REPLACE FUNCTION concerned_facilities(patient UUID) RETURNS SETOF UUID LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.facility_id FROM "patient" p WHERE p.id = patient AND p.facility_id IS NOT NULL
  UNION
  SELECT f FROM "transfer" t, unnest(ARRAY[t.from_facility, t.to_facility]) AS f
  WHERE t.patient_id = patient AND f IS NOT NULL AND t.status NOT IN ('REJECTED', 'CANCELLED', 'HANDED_OVER')
    AND CASE
      WHEN t.status <> 'DIED'
        THEN f = t.from_facility OR t.status NOT IN ('REQUESTED', 'DEFERRED', 'APPROVED', 'REFUSED')
      WHEN EXISTS (SELECT FROM "transfer_step" s WHERE s.transfer_id = t.id AND s.status = 'ARRIVED')
        THEN f = t.to_facility
      ELSE f = t.from_facility
    END
$$;
