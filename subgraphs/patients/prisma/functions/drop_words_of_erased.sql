-- Rule: free text about a patient who is already erased is not stored. The trigger locks the patient's row: a transaction that
-- writes while another erases waits, and its text is either erased with the rest or not stored.
-- Tests: subgraphs/patients/erasure/erasing.test.ts
CREATE OR REPLACE FUNCTION drop_words_of_erased() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'audit_entry' THEN
    IF 'x' = ANY (ARRAY(SELECT CASE WHEN p."erased_at" IS NOT NULL THEN 'x' END FROM "patient" p
                        WHERE p."id" = ANY (NEW."patients") FOR SHARE OF p)) THEN
      NEW."stated_purpose" := NULL;
    END IF;
  ELSIF TG_TABLE_NAME = 'allocation' THEN
    IF 'x' = ANY (ARRAY(SELECT CASE WHEN p."erased_at" IS NOT NULL THEN 'x' END FROM "patient" p
                        WHERE p."id" = NEW."patient_id" FOR SHARE OF p)) THEN
      NEW."override_reason" := NULL;
    END IF;
  ELSIF 'x' = ANY (ARRAY(SELECT CASE WHEN p."erased_at" IS NOT NULL THEN 'x' END FROM "transfer" t
                         JOIN "patient" p ON p."id" = t."patient_id" WHERE t."id" = NEW."transfer_id" FOR SHARE OF p)) THEN
    NEW."reason" := NULL;
  END IF;
  RETURN NEW;
END
$$;
