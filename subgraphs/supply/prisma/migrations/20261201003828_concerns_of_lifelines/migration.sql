-- CreateEnum
CREATE TYPE "LimitConcern" AS ENUM ('SUDDEN_RISE', 'LOAD_DROPPED', 'SOURCES_CONTRADICT', 'LOAD_ASSUMED');

-- AlterTable
ALTER TABLE "lifeline" ADD COLUMN "risen_at" TIMESTAMPTZ(3),
ADD COLUMN "eased_at" TIMESTAMPTZ(3),
ADD COLUMN "contradicted_until" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "lifeline_report_facility_id_kind_observed_at_idx" ON "lifeline_report"("facility_id", "kind", "observed_at");

-- AlterTable
ALTER TABLE "bed_limit" ADD COLUMN "modelled" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "concerns" "LimitConcern"[] DEFAULT ARRAY[]::"LimitConcern"[];
ALTER TABLE "bed_limit" DROP CONSTRAINT "bed_limit_pkey",
ADD CONSTRAINT "bed_limit_pkey" PRIMARY KEY ("facility_id", "cause", "modelled");
