-- Rows of one request share their instant: a number per row keeps the order in which they were asked for.
ALTER TABLE "reservation" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "closure" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "hold" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "hold_release" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "capability_declaration" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "care_level_declaration" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "phase_declaration" ADD COLUMN "seq" BIGSERIAL NOT NULL;

DROP INDEX "reservation_created_at_id_idx";
CREATE INDEX "reservation_created_at_seq_idx" ON "reservation"("created_at", "seq");
