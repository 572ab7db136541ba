-- When capacity said where the facility lies; null asks again. Reference data may move a facility to another Kreis.
ALTER TABLE "facility_place" ADD COLUMN "kept_at" TIMESTAMPTZ(3);
