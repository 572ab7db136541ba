-- What the runtime role of a subgraph may, after every migration; run by the role that migrates, which owns the tables. The name
-- comes as a setting of the session, vierblatt.runtime_role. It reads and writes rows, and nothing else: no table is made,
-- changed or emptied by it, the bookkeeping of migrations is read only, and a table whose comment begins with "append-only" is
-- read and added to.

DO $grants$
DECLARE
  runtime TEXT := current_setting('vierblatt.runtime_role');
  one RECORD;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', runtime);
  EXECUTE format('GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO %I', runtime);
  FOR one IN
    SELECT c.oid::regclass AS name, CASE
        WHEN c.relname = '_prisma_migrations' THEN 'SELECT'
        WHEN obj_description(c.oid, 'pg_class') LIKE 'append-only%' THEN 'SELECT, INSERT'
        ELSE 'SELECT, INSERT, UPDATE, DELETE' END AS privileges
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %I', one.name, runtime);
    EXECUTE format('GRANT %s ON %s TO %I', one.privileges, one.name, runtime);
  END LOOP;
END
$grants$;
