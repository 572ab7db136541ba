-- CreateEnum
CREATE TYPE "ItemKind" AS ENUM ('MEDICINE', 'DEVICE', 'CONSUMABLE', 'GAS', 'BLOOD_PRODUCT', 'PROTECTIVE_EQUIPMENT', 'FUEL');

-- CreateEnum
CREATE TYPE "Unit" AS ENUM ('PACK', 'PIECE', 'DOSE', 'LITRE', 'CUBIC_METRE', 'KILOGRAM');

-- CreateEnum
CREATE TYPE "StorageNeed" AS ENUM ('COLD', 'AMBIENT', 'CONTROLLED');

-- CreateEnum
CREATE TYPE "OrganisationKind" AS ENUM ('MANUFACTURER', 'WHOLESALER', 'SPECIALIST_TRADE', 'PUBLIC_PHARMACY', 'HOSPITAL_PHARMACY', 'HOSPITAL_SUPPLYING_PHARMACY', 'BLOOD_SERVICE', 'FUEL_SUPPLIER', 'SERVICE_PARTNER', 'DEPOT', 'CHAMBER', 'AID_ORGANISATION');

-- CreateTable
CREATE TABLE "item" (
    "id" UUID NOT NULL,
    "kind" "ItemKind" NOT NULL,
    "name" TEXT NOT NULL,
    "unit" "Unit" NOT NULL,
    "storage" "StorageNeed" NOT NULL,
    "pzn" TEXT,
    "substance" TEXT,

    CONSTRAINT "item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "item_edition" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "digest" TEXT NOT NULL,

    CONSTRAINT "item_edition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" "OrganisationKind" NOT NULL,
    "area" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "latitude" DOUBLE PRECISION NOT NULL,
    "longitude" DOUBLE PRECISION NOT NULL,
    "registered_at" TIMESTAMPTZ(3) NOT NULL,
    "registered_by" TEXT NOT NULL,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "item_pzn_key" ON "item"("pzn");

-- CreateIndex
CREATE INDEX "item_name_id_idx" ON "item"("name", "id");

-- CreateIndex
CREATE INDEX "organisation_name_id_idx" ON "organisation"("name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "organisation_area_kind_name_key" ON "organisation"("area", "kind", "name");
