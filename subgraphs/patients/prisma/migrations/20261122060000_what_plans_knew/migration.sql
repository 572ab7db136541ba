-- AlterEnum
ALTER TYPE "AllocationLoss" ADD VALUE 'ERASED';
ALTER TYPE "AllocationLoss" ADD VALUE 'NEEDS_CHANGED';
ALTER TYPE "AllocationLoss" ADD VALUE 'NOT_TRANSPORTABLE';
ALTER TYPE "AllocationLoss" ADD VALUE 'RESERVATION_REFUSED';
ALTER TYPE "AllocationLoss" ADD VALUE 'INCIDENT_CLOSED';

-- AlterTable
ALTER TABLE "allocation" ADD COLUMN     "needs" "Need"[],
ADD COLUMN     "ventilated" BOOLEAN;

-- AlterTable
ALTER TABLE "allocation_plan" ADD COLUMN     "confirmed_by" TEXT,
ADD COLUMN     "purged_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "allocation_plan_id_facility_id_idx" ON "allocation"("plan_id", "facility_id");

-- A plan that is discarded while it is being confirmed has places to look for too.
DROP INDEX "allocation_plan_confirming";
CREATE INDEX "allocation_plan_due" ON "allocation_plan"("next_at") WHERE "next_at" IS NOT NULL;
CREATE INDEX "allocation_plan_to_purge" ON "allocation_plan"("settled_at")
  WHERE "status" = 'DISCARDED' AND "purged_at" IS NULL;

-- Who confirmed them is who settled them, until one can be discarded while it is being confirmed.
UPDATE "allocation_plan" SET "confirmed_by" = "settled_by" WHERE "status" IN ('CONFIRMING', 'CONFIRMED');
