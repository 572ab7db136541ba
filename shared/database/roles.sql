-- Makes the two roles of a subgraph, and gives them this database. Run it as a superuser in the subgraph's database, as often as
-- you like; the passwords come as settings of the session:
--
--   SET vierblatt.owner_password = '...';    -- of <database>_owner, which owns everything and applies migrations
--   SET vierblatt.runtime_password = '...';  -- of <database>, with which the service works; grants.sql says what it may
--
-- The starter runs it on the embedded PostgreSQL, docker-compose when its volume is new.

DO $roles$
DECLARE
  runtime TEXT := current_database();
  owner TEXT := current_database() || '_owner';
  one RECORD;
BEGIN
  FOR one IN
    SELECT * FROM (VALUES
      (runtime, current_setting('vierblatt.runtime_password')),
      (owner, current_setting('vierblatt.owner_password'))) AS r (name, password)
  LOOP
    IF one.password = '' THEN
      RAISE EXCEPTION 'The password of role % is empty.', one.name;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = one.name) THEN
      EXECUTE format('CREATE ROLE %I', one.name);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L',
      one.name, one.password);
  END LOOP;

  EXECUTE format('ALTER DATABASE %I OWNER TO %I', current_database(), owner);
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), runtime);

  -- A database that was migrated by another role, such as a superuser, is handed over with all that is in it.
  FOR one IN
    SELECT format('ALTER %s %s OWNER TO %I',
      CASE WHEN relkind = 'S' THEN 'SEQUENCE' WHEN relkind IN ('v', 'm') THEN 'VIEW' ELSE 'TABLE' END,
      oid::regclass, owner) AS command
    FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
      AND pg_get_userbyid(relowner) <> owner
      -- The sequence of a column goes with its table.
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND relkind = 'S')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('ALTER ROUTINE %s OWNER TO %I', p.oid::regprocedure, owner)
    FROM pg_proc p
    WHERE pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) <> owner
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('ALTER TYPE %s OWNER TO %I', t.oid::regtype, owner)
    FROM pg_type t
    WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd') AND pg_get_userbyid(typowner) <> owner
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
  LOOP
    EXECUTE one.command;
  END LOOP;
END
$roles$;
