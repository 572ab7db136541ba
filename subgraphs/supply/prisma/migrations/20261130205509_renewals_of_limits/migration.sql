-- AlterTable
ALTER TABLE "bed_limit" ADD COLUMN "renew_at" TIMESTAMPTZ(3);

UPDATE "bed_limit" SET "renew_at" = "until" - INTERVAL '12 hours' WHERE "from_at" IS NOT NULL;

-- What the clock renews.
DROP INDEX "bed_limit_due";
CREATE INDEX "bed_limit_due" ON "bed_limit"("renew_at") WHERE "renew_at" IS NOT NULL;
