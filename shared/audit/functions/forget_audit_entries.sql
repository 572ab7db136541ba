-- Rule: audit entries are kept for a year or longer. Retention deletes up to `most` entries that are older than `before`, the
-- oldest first, and returns how many; several replicas may do so at once.
-- Tests: subgraphs/patients/audit/kept.test.ts, subgraphs/personnel/audit/audit.test.ts
CREATE OR REPLACE FUNCTION forget_audit_entries(before TIMESTAMPTZ, most INTEGER DEFAULT 10000) RETURNS BIGINT
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
