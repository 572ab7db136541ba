-- CreateEnum
CREATE TYPE "SupplyRequestStatus" AS ENUM ('REQUESTED', 'ACKNOWLEDGED', 'PARTLY_COMMITTED', 'COMMITTED', 'DISPATCHED', 'RECEIVED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "SupplyAct" AS ENUM ('REQUEST', 'ACKNOWLEDGE', 'ESCALATE', 'COMMIT', 'WITHDRAW', 'DISPATCH', 'RECEIVE', 'LOSE', 'SEND_BACK', 'RECEIVE_RETURN', 'CANCEL');

-- CreateTable
CREATE TABLE "supply_request" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "facility_id" UUID NOT NULL,
    "area" TEXT NOT NULL,
    "needed_until" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "status" "SupplyRequestStatus" NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "requested_by" TEXT NOT NULL,
    "acknowledge_until" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "escalated_at" TIMESTAMPTZ(3),
    "cancelled_at" TIMESTAMPTZ(3),
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "supply_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "supply_line" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "request_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "item_id" UUID NOT NULL,
    "requested" DECIMAL(14,3) NOT NULL,
    "committed" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "in_transit" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "delivered" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "addressees" UUID[],

    CONSTRAINT "supply_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "supply_offer" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "facility_id" UUID,
    "organisation_id" UUID,
    "area" TEXT NOT NULL,
    "item_id" UUID NOT NULL,
    "quantity" DECIMAL(14,3) NOT NULL,
    "committed" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "available_from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "usable_until" TIMESTAMPTZ(3),
    "offered_at" TIMESTAMPTZ(3) NOT NULL,
    "offered_by" TEXT NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "supply_offer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "supply_commitment" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "request_id" UUID NOT NULL,
    "line_id" UUID NOT NULL,
    "facility_id" UUID,
    "organisation_id" UUID,
    "offer_id" UUID,
    "quantity" DECIMAL(14,3) NOT NULL,
    "in_transit" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "delivered" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "expected_at" TIMESTAMPTZ(3),
    "committed_at" TIMESTAMPTZ(3) NOT NULL,
    "committed_by" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "supply_commitment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "supply_shipment" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "request_id" UUID NOT NULL,
    "commitment_id" UUID NOT NULL,
    "returns_id" UUID,
    "batch" TEXT,
    "quantity" DECIMAL(14,3) NOT NULL,
    "received" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "lost" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "returned" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "expected_at" TIMESTAMPTZ(3),
    "dispatched_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3),
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "supply_shipment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "supply_step" (
    "request_id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "act" "SupplyAct" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "line_id" UUID,
    "commitment_id" UUID,
    "quantity" DECIMAL(14,3),
    "reason" TEXT,

    CONSTRAINT "supply_step_pkey" PRIMARY KEY ("request_id","seq")
);

-- CreateTable
CREATE TABLE "storage_site" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "facility_id" UUID,
    "organisation_id" UUID,
    "kind" "StorageNeed" NOT NULL,
    "unit" "Unit" NOT NULL,
    "capacity" DECIMAL(14,3) NOT NULL,
    "free" DECIMAL(14,3) NOT NULL,
    "declared_at" TIMESTAMPTZ(3) NOT NULL,
    "declared_by" TEXT NOT NULL,

    CONSTRAINT "storage_site_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "supply_request_requested_at_seq_idx" ON "supply_request"("requested_at", "seq");

-- CreateIndex
CREATE INDEX "supply_request_facility_id_requested_at_idx" ON "supply_request"("facility_id", "requested_at");

-- CreateIndex
CREATE INDEX "supply_request_acknowledge_until_idx" ON "supply_request"("acknowledge_until");

-- CreateIndex
CREATE INDEX "supply_line_item_id_idx" ON "supply_line"("item_id");

-- CreateIndex
CREATE INDEX "supply_line_addressees_idx" ON "supply_line" USING GIN ("addressees");

-- CreateIndex
CREATE UNIQUE INDEX "supply_line_request_id_position_key" ON "supply_line"("request_id", "position");

-- CreateIndex
CREATE INDEX "supply_offer_offered_at_seq_idx" ON "supply_offer"("offered_at", "seq");

-- CreateIndex
CREATE INDEX "supply_offer_item_id_until_idx" ON "supply_offer"("item_id", "until");

-- CreateIndex
CREATE INDEX "supply_offer_organisation_id_offered_at_idx" ON "supply_offer"("organisation_id", "offered_at");

-- CreateIndex
CREATE INDEX "supply_offer_facility_id_offered_at_idx" ON "supply_offer"("facility_id", "offered_at");

-- CreateIndex
CREATE INDEX "supply_commitment_line_id_idx" ON "supply_commitment"("line_id");

-- CreateIndex
CREATE INDEX "supply_commitment_request_id_idx" ON "supply_commitment"("request_id");

-- CreateIndex
CREATE INDEX "supply_commitment_organisation_id_idx" ON "supply_commitment"("organisation_id");

-- CreateIndex
CREATE INDEX "supply_commitment_facility_id_idx" ON "supply_commitment"("facility_id");

-- CreateIndex
CREATE INDEX "supply_commitment_offer_id_idx" ON "supply_commitment"("offer_id");

-- CreateIndex
CREATE INDEX "supply_shipment_commitment_id_idx" ON "supply_shipment"("commitment_id");

-- CreateIndex
CREATE INDEX "supply_shipment_request_id_idx" ON "supply_shipment"("request_id");

-- CreateIndex
CREATE INDEX "supply_shipment_returns_id_idx" ON "supply_shipment"("returns_id");

-- CreateIndex
CREATE UNIQUE INDEX "storage_site_facility_id_kind_unit_key" ON "storage_site"("facility_id", "kind", "unit");

-- CreateIndex
CREATE UNIQUE INDEX "storage_site_organisation_id_kind_unit_key" ON "storage_site"("organisation_id", "kind", "unit");

-- AddForeignKey
ALTER TABLE "supply_line" ADD CONSTRAINT "supply_line_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "supply_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "supply_commitment" ADD CONSTRAINT "supply_commitment_line_id_fkey" FOREIGN KEY ("line_id") REFERENCES "supply_line"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "supply_commitment" ADD CONSTRAINT "supply_commitment_offer_id_fkey" FOREIGN KEY ("offer_id") REFERENCES "supply_offer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "supply_shipment" ADD CONSTRAINT "supply_shipment_commitment_id_fkey" FOREIGN KEY ("commitment_id") REFERENCES "supply_commitment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "supply_shipment" ADD CONSTRAINT "supply_shipment_returns_id_fkey" FOREIGN KEY ("returns_id") REFERENCES "supply_shipment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "supply_step" ADD CONSTRAINT "supply_step_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "supply_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;




ALTER TABLE "supply_line" ADD CONSTRAINT "supply_line_r44" CHECK (
  "requested" > 0 AND "in_transit" >= 0 AND "delivered" >= 0 AND "requested" >= "committed" AND "committed" >= "in_transit" + "delivered"
);
ALTER TABLE "supply_commitment"
  ADD CONSTRAINT "supply_commitment_dispatched" CHECK ("in_transit" >= 0 AND "delivered" >= 0 AND "quantity" >= "in_transit" + "delivered"),
  ADD CONSTRAINT "supply_commitment_names_one" CHECK (num_nonnulls("facility_id", "organisation_id") = 1);
ALTER TABLE "supply_offer"
  ADD CONSTRAINT "supply_offer_committed" CHECK ("quantity" > 0 AND "committed" BETWEEN 0 AND "quantity"),
  ADD CONSTRAINT "supply_offer_names_one" CHECK (num_nonnulls("facility_id", "organisation_id") = 1);
ALTER TABLE "supply_shipment" ADD CONSTRAINT "supply_shipment_parts" CHECK (
  "quantity" > 0 AND "received" >= 0 AND "lost" >= 0 AND "received" + "lost" <= "quantity" AND "returned" BETWEEN 0 AND "received"
);
ALTER TABLE "storage_site"
  ADD CONSTRAINT "storage_site_free" CHECK ("free" BETWEEN 0 AND "capacity"),
  ADD CONSTRAINT "storage_site_names_one" CHECK (num_nonnulls("facility_id", "organisation_id") = 1);
