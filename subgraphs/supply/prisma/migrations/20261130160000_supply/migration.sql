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
-- CreateTable
CREATE TABLE "idempotent_call" (
    "caller" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "result" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotent_call_pkey" PRIMARY KEY ("caller","key")
);

-- CreateIndex
CREATE INDEX "idempotent_call_at_idx" ON "idempotent_call"("at");
-- Keys and inputs are stored as keyed digests. The columns are renamed so that a replica of an earlier version, which does not
-- know the digests, fails instead of doing a call a second time.
ALTER TABLE "idempotent_call" RENAME COLUMN "key" TO "key_digest";
ALTER TABLE "idempotent_call" RENAME COLUMN "digest" TO "input_digest";
-- Work that other services must do, see shared/jobs/README.md. A subgraph that has such work copies this into a migration of its
-- own and adds `model Job` to its Prisma schema.
CREATE TABLE "job" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" TEXT NOT NULL,
    "subject" UUID NOT NULL,
    "input" JSONB NOT NULL,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "run_at" TIMESTAMPTZ(3) NOT NULL,
    "attempt" INTEGER NOT NULL,
    "leased_until" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),
    "outcome" JSONB,
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);

-- Open jobs are found however many are done.
CREATE INDEX "job_due" ON "job"("run_at") WHERE "done_at" IS NULL;
CREATE INDEX "job_open" ON "job"("subject", "created_at", "seq") WHERE "done_at" IS NULL;

-- The directory of capacity's facilities.
CREATE TABLE "facility" (
    "id" UUID NOT NULL,
    "area" TEXT NOT NULL,
    "site_number" TEXT,
    "ik" TEXT,
    "latitude" DOUBLE PRECISION NOT NULL,
    "longitude" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "facility_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "facility_site_number_key" ON "facility"("site_number");
CREATE INDEX "facility_area_idx" ON "facility"("area");
CREATE INDEX "facility_ik_idx" ON "facility"("ik");

CREATE TABLE "facility_directory" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "renewed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "facility_directory_pkey" PRIMARY KEY ("id")
);
