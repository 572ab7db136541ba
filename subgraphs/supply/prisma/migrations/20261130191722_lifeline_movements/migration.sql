-- AlterTable
ALTER TABLE "item" ADD COLUMN     "lifeline" "LifelineKind",
ADD COLUMN     "lifeline_quantity" DOUBLE PRECISION;

-- AlterTable
ALTER TABLE "lifeline" ADD COLUMN     "moved" DOUBLE PRECISION NOT NULL DEFAULT 0,
ADD COLUMN     "unbooked_rise" DOUBLE PRECISION NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "lifeline_movement" (
    "booking_id" UUID NOT NULL,
    "facility_id" UUID NOT NULL,
    "kind" "LifelineKind" NOT NULL,
    "quantity" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lifeline_movement_pkey" PRIMARY KEY ("booking_id")
);

-- CreateIndex
CREATE INDEX "lifeline_movement_facility_id_at_idx" ON "lifeline_movement"("facility_id", "at");
