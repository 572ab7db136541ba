-- What is still to be erased: small, however many patients there ever were.
CREATE INDEX "patient_kept_incident_idx" ON "patient"("incident_id") WHERE "erased_at" IS NULL;
CREATE INDEX "patient_kept_registered_idx" ON "patient"("registered_at") WHERE "erased_at" IS NULL AND "incident_id" IS NULL;
CREATE INDEX "incident_closed_idx" ON "incident"("closed_at") WHERE "closed_at" IS NOT NULL;
CREATE INDEX "incident_entry_words_idx" ON "incident_entry"("incident_id")
  WHERE "kind" IN ('ESCALATED', 'CLOSED') AND "text" LIKE '%: %';
CREATE INDEX "allocation_plan_words_idx" ON "allocation_plan"("settled_at") WHERE "settled_reason" IS NOT NULL;
CREATE INDEX "audit_entry_words_idx" ON "audit_entry"("at") WHERE "stated_purpose" IS NOT NULL;

-- A text with "[erased]" in place of each of the words, wherever they stand as words, in upper or lower case.
CREATE FUNCTION redacted(content TEXT, words TEXT[]) RETURNS TEXT LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  word TEXT;
BEGIN
  FOREACH word IN ARRAY words LOOP
    content := regexp_replace(content,
      '(?<![[:alnum:]])' || regexp_replace(word, '([][\\^$.*+?(){}|])', '\\\1', 'g') || '(?![[:alnum:]])', '[erased]', 'gi');
  END LOOP;
  RETURN content;
END
$$;

-- Words that are written about a patient who is erased already are not kept. The row of the patient is locked for it: who writes
-- while somebody erases waits, and is either erased with the rest or not kept.
CREATE FUNCTION drop_words_of_erased() RETURNS TRIGGER LANGUAGE plpgsql AS $$
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

CREATE TRIGGER transfer_step_words BEFORE INSERT ON "transfer_step"
  FOR EACH ROW WHEN (NEW."reason" IS NOT NULL) EXECUTE FUNCTION drop_words_of_erased();
CREATE TRIGGER transfer_approval_words BEFORE INSERT ON "transfer_approval"
  FOR EACH ROW WHEN (NEW."reason" IS NOT NULL) EXECUTE FUNCTION drop_words_of_erased();
CREATE TRIGGER allocation_words BEFORE INSERT OR UPDATE OF "override_reason" ON "allocation"
  FOR EACH ROW WHEN (NEW."override_reason" IS NOT NULL) EXECUTE FUNCTION drop_words_of_erased();
CREATE TRIGGER audit_entry_words BEFORE INSERT ON "audit_entry"
  FOR EACH ROW WHEN (NEW."stated_purpose" IS NOT NULL) EXECUTE FUNCTION drop_words_of_erased();

-- Redacts words, such as a name, in what readers wrote about others or about nobody who was found; for erasure.
CREATE FUNCTION redact_audit_words(words TEXT[]) RETURNS BIGINT
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

-- Deletes up to `most` entries older than an instant that lies a year or more ago, the oldest first, and returns how many; for
-- retention, which several replicas may do at once.
DROP FUNCTION forget_audit_entries(TIMESTAMPTZ);
CREATE FUNCTION forget_audit_entries(before TIMESTAMPTZ, most INTEGER DEFAULT 10000) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  forgotten BIGINT;
BEGIN
  IF before > now() - interval '1 year' THEN
    RAISE EXCEPTION 'audit entries are kept for a year or longer; before is %, and may be % at the latest',
      before, now() - interval '1 year' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM set_config('vierblatt.audit_retention', 'on', true);
  DELETE FROM "audit_entry" WHERE "id" IN (
    SELECT e."id" FROM "audit_entry" e WHERE e."at" < before ORDER BY e."at", e."id" LIMIT most FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  PERFORM set_config('vierblatt.audit_retention', 'off', true);
  RETURN forgotten;
END
$$;
