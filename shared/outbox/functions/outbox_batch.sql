-- Rule: the events of one transaction belong to one batch, which the first of them creates. Its row gets a position at commit,
-- by outbox_number.
-- Tests: shared/outbox/outbox.test.ts
CREATE OR REPLACE FUNCTION outbox_batch() RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
  current BIGINT := NULLIF(current_setting('vierblatt.outbox_batch', true), '');
BEGIN
  IF current IS NULL THEN
    INSERT INTO "outbox_batch" DEFAULT VALUES RETURNING "batch" INTO current;
    PERFORM set_config('vierblatt.outbox_batch', current::text, true);
  END IF;
  RETURN current;
END $$;
