-- CreateEnum
CREATE TYPE "AllocationStatus" AS ENUM ('PROPOSED', 'CONFIRMING', 'CONFIRMED', 'DISCARDED');

-- CreateEnum
CREATE TYPE "AllocationMethod" AS ENUM ('EXACT', 'FEASIBLE', 'NEAREST_FIT');

-- CreateEnum
CREATE TYPE "AllocationOutcome" AS ENUM ('PLANNED', 'CONFIRMED', 'LOST', 'OVERRIDDEN');

-- CreateEnum
CREATE TYPE "AllocationLoss" AS ENUM ('PLACE_TAKEN', 'LIMIT_LOWERED', 'TRIAGED_OTHERWISE', 'ALREADY_MOVED', 'DIED');

-- AlterEnum
ALTER TYPE "IncidentEntryKind" ADD VALUE 'ALLOCATION_CONFIRMED';

-- AlterTable
ALTER TABLE "incident_section" ADD COLUMN     "latitude" DOUBLE PRECISION,
ADD COLUMN     "longitude" DOUBLE PRECISION;

-- AlterTable
ALTER TABLE "patient" ADD COLUMN     "transportable" BOOLEAN;

-- CreateTable
CREATE TABLE "allocation_plan" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "incident_id" UUID,
    "facility_id" UUID,
    "area" TEXT NOT NULL,
    "status" "AllocationStatus" NOT NULL DEFAULT 'PROPOSED',
    "wave" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "parameters" JSONB NOT NULL,
    "patients" INTEGER NOT NULL,
    "allocated" INTEGER NOT NULL,
    "weighted_minutes" DOUBLE PRECISION NOT NULL,
    "cost" DOUBLE PRECISION NOT NULL,
    "optimality_gap" DOUBLE PRECISION,
    "solver_milliseconds" DOUBLE PRECISION NOT NULL,
    "timed_out" BOOLEAN NOT NULL,
    "method" "AllocationMethod" NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "settled_by" TEXT,
    "settled_reason" TEXT,
    "approved" BOOLEAN NOT NULL DEFAULT false,
    "next_at" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "allocation_plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "allocation" (
    "plan_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "patient_id" UUID NOT NULL,
    "facility_id" UUID NOT NULL,
    "facility_area" TEXT NOT NULL,
    "category" "TriageCategory" NOT NULL,
    "minutes" DOUBLE PRECISION NOT NULL,
    "means" "TransportMeans" NOT NULL,
    "with_physician" BOOLEAN NOT NULL,
    "reasons" JSONB NOT NULL,
    "explanation" INTEGER,
    "outcome" "AllocationOutcome" NOT NULL DEFAULT 'PLANNED',
    "override_reason" TEXT,
    "lost_to" "AllocationLoss",
    "lost_reason" TEXT,
    "transfer_id" UUID,

    CONSTRAINT "allocation_pkey" PRIMARY KEY ("plan_id","position")
);

-- CreateTable
CREATE TABLE "allocation_left_over" (
    "plan_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "patient_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "explanation" INTEGER,

    CONSTRAINT "allocation_left_over_pkey" PRIMARY KEY ("plan_id","position")
);

-- CreateTable
CREATE TABLE "allocation_explanation" (
    "plan_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "rejected" JSONB NOT NULL,

    CONSTRAINT "allocation_explanation_pkey" PRIMARY KEY ("plan_id","number")
);

-- CreateTable
CREATE TABLE "allocation_load" (
    "plan_id" UUID NOT NULL,
    "facility_id" UUID NOT NULL,
    "facility_area" TEXT NOT NULL,
    "category" "TriageCategory" NOT NULL,
    "assigned" INTEGER NOT NULL,
    "allowed" INTEGER NOT NULL,
    "limit" INTEGER NOT NULL,
    "declared" INTEGER,

    CONSTRAINT "allocation_load_pkey" PRIMARY KEY ("plan_id","facility_id","category")
);

-- CreateTable
CREATE TABLE "allocation_return" (
    "plan_id" UUID NOT NULL,
    "item" UUID NOT NULL,
    "reservation_id" UUID NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "allocation_return_pkey" PRIMARY KEY ("plan_id","item")
);

-- CreateIndex
CREATE INDEX "allocation_plan_incident_id_proposed_at_id_idx" ON "allocation_plan"("incident_id", "proposed_at", "id");

-- CreateIndex
CREATE INDEX "allocation_patient_id_idx" ON "allocation"("patient_id");

-- CreateIndex
CREATE INDEX "allocation_transfer_id_idx" ON "allocation"("transfer_id");

-- CreateIndex
CREATE INDEX "allocation_left_over_patient_id_idx" ON "allocation_left_over"("patient_id");

-- AddForeignKey
ALTER TABLE "allocation_plan" ADD CONSTRAINT "allocation_plan_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "allocation_plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation_left_over" ADD CONSTRAINT "allocation_left_over_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "allocation_plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation_left_over" ADD CONSTRAINT "allocation_left_over_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation_explanation" ADD CONSTRAINT "allocation_explanation_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "allocation_plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation_load" ADD CONSTRAINT "allocation_load_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "allocation_plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation_return" ADD CONSTRAINT "allocation_return_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "allocation_plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "allocation_plan" ADD CONSTRAINT "allocation_plan_of_incident_or_facility"
  CHECK (("incident_id" IS NULL) <> ("facility_id" IS NULL));
ALTER TABLE "incident_section" ADD CONSTRAINT "incident_section_position"
  CHECK (("latitude" IS NULL) = ("longitude" IS NULL));

-- What is still to be done is found however much was.
CREATE INDEX "allocation_plan_confirming" ON "allocation_plan"("next_at") WHERE "status" = 'CONFIRMING';
CREATE INDEX "allocation_return_open" ON "allocation_return"("next_at") WHERE "done_at" IS NULL;
-- In a plan a patient has one assignment that counts.
CREATE UNIQUE INDEX "allocation_of_patient" ON "allocation"("plan_id", "patient_id") WHERE "outcome" <> 'OVERRIDDEN';
