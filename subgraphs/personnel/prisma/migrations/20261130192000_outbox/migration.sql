-- CreateTable
CREATE TABLE "outbox_event" (
    "batch" BIGINT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "topic" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "area" TEXT NOT NULL,
    "tags" TEXT[],
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outbox_event_pkey" PRIMARY KEY ("batch","seq")
);

-- CreateTable
CREATE TABLE "outbox_batch" (
    "batch" BIGSERIAL NOT NULL,
    "pos" BIGINT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_batch_pkey" PRIMARY KEY ("batch")
);

-- CreateTable
CREATE TABLE "outbox_epoch" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "key" UUID NOT NULL DEFAULT gen_random_uuid(),
    "pruned_to" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "outbox_epoch_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "outbox_batch_pos_key" ON "outbox_batch"("pos");

-- The batch of events of this transaction; made on first use. Its row is numbered at commit, see below.
CREATE FUNCTION outbox_batch() RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
  current BIGINT := NULLIF(current_setting('vierblatt.outbox_batch', true), '');
BEGIN
  IF current IS NULL THEN
    INSERT INTO "outbox_batch" DEFAULT VALUES RETURNING "batch" INTO current;
    PERFORM set_config('vierblatt.outbox_batch', current::text, true);
  END IF;
  RETURN current;
END $$;

CREATE SEQUENCE "outbox_pos";

-- Positions are given at commit, under a lock that is held until the commit is visible: a reader that has seen position
-- n can never later meet a smaller one. (Numbers taken when rows are inserted become visible out of order, and a reader
-- with a cursor loses those that come late.) One number for a whole transaction keeps the time under the lock short.
CREATE FUNCTION outbox_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7001);
  UPDATE "outbox_batch" SET "pos" = nextval('outbox_pos') WHERE "batch" = NEW."batch";
  PERFORM pg_notify('outbox', '');
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER outbox_number AFTER INSERT ON "outbox_batch"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION outbox_number();

-- The key under which this database's cursors are sealed. A new key ends the life of all cursors given out.
INSERT INTO "outbox_epoch" DEFAULT VALUES;
