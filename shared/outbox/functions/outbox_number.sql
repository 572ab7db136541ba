-- Rule: positions are assigned at commit, under a lock that is held until the commit is visible, so that a reader that has
-- seen position n never meets a smaller one later. (Numbers assigned when rows are inserted become visible out of order, and a
-- reader with a cursor loses those that come late.) One number for a whole transaction keeps the time under the lock short.
-- Tests: shared/outbox/outbox.test.ts
CREATE OR REPLACE FUNCTION outbox_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7001);
  UPDATE "outbox_batch" SET "pos" = nextval('outbox_pos') WHERE "batch" = NEW."batch";
  PERFORM pg_notify('outbox', '');
  RETURN NULL;
END $$;
