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
