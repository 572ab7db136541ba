-- Rule: erasure also redacts a person's words in the purposes that readers stated about other patients or about nobody who was
-- found. Returns the number of changed entries.
-- Tests: subgraphs/patients/erasure/erasing.test.ts
CREATE OR REPLACE FUNCTION redact_audit_words(words TEXT[]) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  redacted_entries BIGINT;
BEGIN
  PERFORM set_config('vierblatt.audit_retention', 'on', true);
  UPDATE "audit_entry" SET "stated_purpose" = redacted("stated_purpose", words)
  WHERE "stated_purpose" IS NOT NULL AND redacted("stated_purpose", words) <> "stated_purpose";
  GET DIAGNOSTICS redacted_entries = ROW_COUNT;
  PERFORM set_config('vierblatt.audit_retention', 'off', true);
  RETURN redacted_entries;
END
$$;
