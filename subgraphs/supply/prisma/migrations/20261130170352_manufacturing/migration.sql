-- CreateEnum
CREATE TYPE "ManufacturingMethod" AS ENUM ('FORMULA', 'LABORATORY', 'STERILE', 'CYTOSTATICS', 'INDUSTRIAL');

-- CreateTable
CREATE TABLE "manufacturing" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "organisation_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "method" "ManufacturingMethod" NOT NULL,
    "per_day" DECIMAL(14,3) NOT NULL,
    "material_days" INTEGER,
    "surge_per_day" DECIMAL(14,3),
    "ramp_up_days" INTEGER,
    "declared_at" TIMESTAMPTZ(3) NOT NULL,
    "declared_by" TEXT NOT NULL,

    CONSTRAINT "manufacturing_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "manufacturing_item_id_idx" ON "manufacturing"("item_id");

-- CreateIndex
CREATE UNIQUE INDEX "manufacturing_organisation_id_item_id_key" ON "manufacturing"("organisation_id", "item_id");
