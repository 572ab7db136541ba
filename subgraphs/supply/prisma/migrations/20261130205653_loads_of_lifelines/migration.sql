-- AlterTable
ALTER TABLE "lifeline" ADD COLUMN     "listed_at" TIMESTAMPTZ(3),
ADD COLUMN     "load_method" "Method";

-- AlterTable
ALTER TABLE "lifeline_movement" ADD COLUMN     "stock_id" UUID;

-- AlterTable
ALTER TABLE "occupancy" ADD COLUMN     "reported_demand" DOUBLE PRECISION;

-- A load that nobody stated followed from reported beds.
UPDATE "lifeline" SET
  "load_method" = CASE WHEN "load" IS NULL THEN NULL WHEN "stated_load" IS NULL THEN 'REPORTED' ELSE "method" END,
  "listed_at" = COALESCE("fails_at", CASE
    WHEN NOT "supplied" AND ("kind" = 'MAINS_POWER' OR ("method" IN ('REPORTED', 'DEVICE') AND NOT ("level" IS NOT NULL AND "load" IS NOT DISTINCT FROM 0)))
    THEN "observed_at" END);

-- Until all beds are read again.
UPDATE "occupancy" SET "reported_demand" = "oxygen_demand";
DELETE FROM "occupancy_reading";

-- The order of the list of lifelines: those that failed first, then the first to fail, those that last at the end.
DROP INDEX "lifeline_by_failure";
CREATE INDEX "lifeline_by_failure" ON "lifeline"((COALESCE("listed_at", 'infinity')), "id");
