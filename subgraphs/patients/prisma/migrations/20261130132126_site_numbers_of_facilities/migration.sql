-- AlterTable
ALTER TABLE "facility_place" ADD COLUMN     "site_number" TEXT;

-- CreateIndex
CREATE INDEX "facility_place_site_number_idx" ON "facility_place"("site_number");
