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
