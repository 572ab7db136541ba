-- AlterTable
ALTER TABLE "lifeline" ADD COLUMN "reported_by" TEXT,
ADD COLUMN "believed_level" DOUBLE PRECISION,
ADD COLUMN "believed_at" TIMESTAMPTZ(3);

-- Who reported what is in force; all others are modelled by the hub itself.
UPDATE "lifeline" l SET "reported_by" = COALESCE((
  SELECT r."reported_by" FROM "lifeline_report" r
  WHERE r."facility_id" = l."facility_id" AND r."kind" = l."kind" AND r."source" = l."source" AND r."observed_at" = l."observed_at"
), 'supply');
ALTER TABLE "lifeline" ALTER COLUMN "reported_by" SET NOT NULL;

-- AlterTable
ALTER TABLE "lifeline_report" DROP CONSTRAINT "lifeline_report_pkey",
ADD CONSTRAINT "lifeline_report_pkey" PRIMARY KEY ("facility_id", "kind", "source", "observed_at", "reported_by");
