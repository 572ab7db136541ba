-- Adds the region above each region and its position. The import of the reference data fills the columns at the next start.
ALTER TABLE "region" ADD COLUMN "parent_code" TEXT,
ADD COLUMN "kleeblatt" "Kleeblatt",
ADD COLUMN "latitude" DOUBLE PRECISION,
ADD COLUMN "longitude" DOUBLE PRECISION;
