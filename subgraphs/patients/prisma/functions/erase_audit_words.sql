-- Rule: erasure removes the purposes that readers stated about a patient, which may name the person; who read what of whom
-- stays. Returns the number of changed entries.
-- Tests: subgraphs/patients/audit/kept.test.ts, subgraphs/patients/erasure/erasing.test.ts
CREATE OR REPLACE FUNCTION erase_audit_words(patient UUID) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  erased BIGINT;
BEGIN
  PERFORM set_config('vierblatt.audit_retention', 'on', true);
  UPDATE "audit_entry" SET "stated_purpose" = NULL
  WHERE "patients" @> ARRAY[patient] AND "stated_purpose" IS NOT NULL;
  GET DIAGNOSTICS erased = ROW_COUNT;
  PERFORM set_config('vierblatt.audit_retention', 'off', true);
  RETURN erased;
END
$$;
