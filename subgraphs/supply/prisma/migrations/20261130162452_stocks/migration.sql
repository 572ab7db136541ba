CREATE TYPE "HolderKind" AS ENUM ('FACILITY', 'ORGANISATION');
CREATE TYPE "BookingKind" AS ENUM ('RECEIPT', 'ISSUE', 'COUNT', 'CORRECTION', 'RELOCATION');

CREATE TABLE "stock" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "holder_kind" "HolderKind" NOT NULL,
    "holder_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "quantity" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "minimum" DECIMAL(14,3),
    "average_consumption" DECIMAL(14,3),
    "days_of_cover" DOUBLE PRECISION NOT NULL DEFAULT 'Infinity'::double precision,
    "modelled" BOOLEAN NOT NULL DEFAULT false,
    "renewal_quantity" DECIMAL(14,3),
    "renewal_days" INTEGER,
    "renews_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stock_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "stock_not_negative" CHECK ("quantity" >= 0)
);
CREATE UNIQUE INDEX "stock_holder_id_item_id_key" ON "stock"("holder_id", "item_id");
CREATE INDEX "stock_days_of_cover_id_idx" ON "stock"("days_of_cover", "id");
CREATE INDEX "stock_item_id_days_of_cover_id_idx" ON "stock"("item_id", "days_of_cover", "id");
-- Modelled stocks that a delivery of their rhythm fills up: none while nobody takes from them.
CREATE INDEX "stock_renewal" ON "stock"("renews_at") WHERE "modelled" AND "quantity" < "renewal_quantity";

CREATE TABLE "stock_batch" (
    "stock_id" UUID NOT NULL,
    "batch" TEXT NOT NULL,
    "quantity" DECIMAL(14,3) NOT NULL,
    "usable_until" TIMESTAMPTZ(3),
    "booked_to" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stock_batch_pkey" PRIMARY KEY ("stock_id", "batch"),
    CONSTRAINT "stock_batch_not_negative" CHECK ("quantity" >= 0)
);

CREATE TABLE "stock_booking" (
    "id" UUID NOT NULL,
    "stock_id" UUID NOT NULL,
    "kind" "BookingKind" NOT NULL,
    "batch" TEXT NOT NULL,
    "change" DECIMAL(14,3) NOT NULL,
    "counted" DECIMAL(14,3),
    "quantity_after" DECIMAL(14,3) NOT NULL,
    "minimum" DECIMAL(14,3),
    "average_consumption" DECIMAL(14,3),
    "reason" TEXT,
    "shipment_id" UUID,
    "count_id" UUID,
    "counterpart_id" UUID,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "stock_booking_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "stock_booking_stock_id_seq_idx" ON "stock_booking"("stock_id", "seq");
-- Current demand is what was issued in the last days, however long the history is.
CREATE INDEX "stock_booking_issued" ON "stock_booking"("stock_id", "at") INCLUDE ("change") WHERE "kind" = 'ISSUE';

CREATE TABLE "batch_recall" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "item_id" UUID NOT NULL,
    "batch" TEXT NOT NULL,
    "area" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "batch_recall_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "batch_recall_item_id_batch_area_key" ON "batch_recall"("item_id", "batch", "area");
CREATE INDEX "stock_booking_corrections" ON "stock_booking"("count_id") WHERE "count_id" IS NOT NULL;
