-- Rule: audit entries are inserted and read, and nothing else. The trigger holds for every role, whatever it was granted,
-- except for the functions of retention and erasure, which run as the owner of the table.
-- Tests: subgraphs/patients/audit/kept.test.ts, subgraphs/personnel/audit/audit.test.ts
CREATE OR REPLACE FUNCTION audit_entry_kept() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('vierblatt.audit_retention', true), '') = 'on'
    AND current_user = (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = TG_RELID) THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'audit entries are inserted and read, never changed or deleted; % was refused', TG_OP
    USING ERRCODE = 'insufficient_privilege',
      HINT = 'Retention uses forget_audit_entries(before), and erasure the functions of its subgraph.';
END
$$;
