-- A death ends the transfer: after the arrival he is the house's that he was brought to, before it the house's that sent him.
-- A house that was named and never asked, or that waited for him, is concerned no more.
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

-- The houses in whose hands a patient is, for whom his name is: where he is treated, where he has arrived or died after his
-- arrival, and until he is handed over there the house that sent him, also if he died on the way.
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

-- Whoever waits without a deadline would wait for ever: patients on board whom no house takes, and transfers a level deferred.
UPDATE "transfer" SET "due_at" = "status_at" + interval '5 minutes' WHERE "status" = 'DIVERTED' AND "due_at" IS NULL;
UPDATE "transfer" SET "due_at" = "status_at" + interval '60 minutes' WHERE "status" = 'DEFERRED' AND "due_at" IS NULL;
