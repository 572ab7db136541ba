-- Reads of patient detail are recorded: which fields, by which criteria, of whom, for which purpose.
CREATE TYPE "AuditPurpose" AS ENUM ('TREATMENT', 'STEERING', 'TRANSPORT', 'APPROVAL', 'SUPERVISION', 'STATED');

ALTER TYPE "AuditAction" ADD VALUE 'READ';
ALTER TYPE "AuditAction" ADD VALUE 'SUBSCRIPTION_BEGAN';
ALTER TYPE "AuditAction" ADD VALUE 'SUBSCRIPTION_ENDED';
ALTER TYPE "AuditAction" ADD VALUE 'READ_AUDIT';

ALTER TABLE "audit_entry" RENAME COLUMN "purpose" TO "stated_purpose";
ALTER TABLE "audit_entry" ALTER COLUMN "stated_purpose" DROP NOT NULL;
ALTER TABLE "audit_entry"
  ADD COLUMN "purpose" "AuditPurpose" NOT NULL DEFAULT 'STATED',
  ADD COLUMN "field" TEXT,
  ADD COLUMN "operation" TEXT,
  ADD COLUMN "criteria" JSONB,
  ADD COLUMN "patients" UUID[],
  ADD COLUMN "count" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "incident_id" UUID,
  ADD COLUMN "transfer_id" UUID,
  ADD COLUMN "areas" TEXT[],
  ADD COLUMN "facilities" UUID[];

UPDATE "audit_entry" e SET
  "patients" = ARRAY[e."patient_id"],
  "count" = CASE WHEN e."found" THEN 1 ELSE 0 END,
  "incident_id" = (SELECT p."incident_id" FROM "patient" p WHERE p."id" = e."patient_id"),
  "areas" = ARRAY(SELECT p."area" FROM "patient" p WHERE p."id" = e."patient_id"),
  "facilities" = ARRAY(SELECT p."facility_id" FROM "patient" p WHERE p."id" = e."patient_id" AND p."facility_id" IS NOT NULL)
WHERE e."patient_id" IS NOT NULL;
UPDATE "audit_entry" SET "patients" = '{}', "areas" = '{}', "facilities" = '{}' WHERE "patients" IS NULL;

DROP INDEX "audit_entry_patient_id_at_idx";
ALTER TABLE "audit_entry" DROP COLUMN "patient_id";

CREATE INDEX "audit_entry_at_id_idx" ON "audit_entry"("at", "id");
CREATE INDEX "audit_entry_patients_idx" ON "audit_entry" USING GIN ("patients");

-- Entries are inserted and read, and nothing else. The trigger holds for every role, whatever it was granted, but for the two
-- functions below, which run as the owner of the table.
CREATE FUNCTION audit_entry_kept() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('vierblatt.audit_retention', true), '') = 'on'
    AND current_user = (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = TG_RELID) THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'audit entries are inserted and read, never changed or deleted; % was refused', TG_OP
    USING ERRCODE = 'insufficient_privilege',
      HINT = 'Retention uses forget_audit_entries(before), erasure erase_audit_words(patient).';
END
$$;

CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON "audit_entry"
  FOR EACH ROW EXECUTE FUNCTION audit_entry_kept();
CREATE TRIGGER audit_entry_never_truncated BEFORE TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_kept();

-- Deletes entries older than an instant that lies a year or more ago, and returns how many; for retention.
CREATE FUNCTION forget_audit_entries(before TIMESTAMPTZ) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  forgotten BIGINT;
BEGIN
  IF before > now() - interval '1 year' THEN
    RAISE EXCEPTION 'audit entries are kept for a year or longer; before is %, and may be % at the latest',
      before, now() - interval '1 year' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM set_config('vierblatt.audit_retention', 'on', true);
  DELETE FROM "audit_entry" WHERE "at" < before;
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  PERFORM set_config('vierblatt.audit_retention', 'off', true);
  RETURN forgotten;
END
$$;

-- Removes the words that readers wrote about a patient, which may name the person; who read what of whom stays. For erasure.
CREATE FUNCTION erase_audit_words(patient UUID) RETURNS BIGINT
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
