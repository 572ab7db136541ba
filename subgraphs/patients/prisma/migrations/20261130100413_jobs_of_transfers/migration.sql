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

-- What was given back or used is no other transfer's.
CREATE INDEX "job_reservation_settled" ON "job"(("input" ->> 'item'))
  WHERE "kind" = 'transfer.reservation' AND "input" ->> 'operation' IN ('RELEASE', 'REDEEM');

-- Every row of capacity_errand becomes a job with the same id, which is the key under which capacity knows what was asked. Nobody
-- may add one meanwhile, and a replica of an earlier version fails afterwards, instead of adding one that nobody looks for.
LOCK TABLE "transfer", "capacity_errand" IN ACCESS EXCLUSIVE MODE;
INSERT INTO "job" (id, kind, subject, input, actor, created_at, run_at, attempt, done_at, outcome)
SELECT e.id, 'transfer.reservation', e.transfer_id,
  jsonb_build_object('operation', e.kind, 'attempt', e.attempt, 'facility', e.facility, 'bedCategory', e.bed_category,
    'intake', e.intake, 'reservation', e.reservation_id, 'item', e.item, 'transferKind', t.kind, 'fromArea', t.from_area),
  e.actor, e.created_at, e.next_at, e.tries + 1, e.done_at, e.outcome
FROM "capacity_errand" e JOIN "transfer" t ON t.id = e.transfer_id ORDER BY e.created_at, e.seq;
DROP TABLE "capacity_errand";
DROP TYPE "ErrandKind";

-- Calls that may be repeated with their idempotencyKey name the job.
UPDATE "idempotent_call" SET result = result - 'errand' || jsonb_build_object('job', result -> 'errand') WHERE result ? 'errand';
UPDATE "idempotent_call" SET result = result - 'errands' || jsonb_build_object('jobs', result -> 'errands') WHERE result ? 'errands';
