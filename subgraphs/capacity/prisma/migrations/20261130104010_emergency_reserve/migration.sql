-- Beds that can be opened in addition within 7 days, as a facility reports them.
ALTER TABLE "bed" ADD COLUMN "emergency_reserve" INTEGER;
ALTER TABLE "bed_report" ADD COLUMN "emergency_reserve" INTEGER;
