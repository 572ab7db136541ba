-- Rows of one call, or of one request, share their instant: a number per row keeps the order in which they were asked for.
ALTER TABLE "patient" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "transfer" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "incident" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "incident_section" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "allocation_plan" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "capacity_errand" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "transfer_approval" ADD COLUMN "seq" BIGSERIAL NOT NULL;

DROP INDEX "patient_incident_id_registered_at_id_idx";
DROP INDEX "transfer_created_at_id_idx";
DROP INDEX "incident_declared_at_id_idx";
DROP INDEX "allocation_plan_incident_id_proposed_at_id_idx";
CREATE INDEX "patient_incident_id_registered_at_seq_idx" ON "patient"("incident_id", "registered_at", "seq");
CREATE INDEX "transfer_created_at_seq_idx" ON "transfer"("created_at", "seq");
CREATE INDEX "incident_declared_at_seq_idx" ON "incident"("declared_at", "seq");
CREATE INDEX "allocation_plan_incident_id_proposed_at_seq_idx" ON "allocation_plan"("incident_id", "proposed_at", "seq");
