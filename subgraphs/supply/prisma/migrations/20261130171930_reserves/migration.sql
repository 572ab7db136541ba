-- CreateEnum
CREATE TYPE "ReserveKind" AS ENUM ('MEDICAL_PACKET', 'DEPOT_MODULE');

-- CreateTable
CREATE TABLE "reserve" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "organisation_id" UUID NOT NULL,
    "kind" "ReserveKind" NOT NULL,
    "name" TEXT NOT NULL,
    "release_area" TEXT NOT NULL,
    "release_rule" TEXT NOT NULL,
    "readiness_hours" INTEGER NOT NULL,
    "target" INTEGER NOT NULL,
    "packets" INTEGER NOT NULL,
    "severe_patients" INTEGER NOT NULL,
    "light_patients" INTEGER NOT NULL,
    "days" INTEGER NOT NULL,
    "registered_at" TIMESTAMPTZ(3) NOT NULL,
    "registered_by" TEXT NOT NULL,

    CONSTRAINT "reserve_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reserve_release" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "reserve_id" UUID NOT NULL,
    "packets" INTEGER NOT NULL,
    "for_area" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "released_at" TIMESTAMPTZ(3) NOT NULL,
    "released_by" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "reserve_release_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "reserve_name_id_idx" ON "reserve"("name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "reserve_organisation_id_name_key" ON "reserve"("organisation_id", "name");

-- CreateIndex
CREATE INDEX "reserve_release_reserve_id_seq_idx" ON "reserve_release"("reserve_id", "seq");

-- AddForeignKey
ALTER TABLE "reserve_release" ADD CONSTRAINT "reserve_release_reserve_id_fkey" FOREIGN KEY ("reserve_id") REFERENCES "reserve"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
