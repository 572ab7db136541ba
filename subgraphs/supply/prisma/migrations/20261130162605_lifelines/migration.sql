-- CreateEnum
CREATE TYPE "LifelineKind" AS ENUM ('MAINS_POWER', 'GENERATOR_FUEL', 'WATER', 'HEAT', 'FOOD', 'LIQUID_OXYGEN', 'BOTTLED_OXYGEN', 'COMPRESSED_AIR', 'BLOOD', 'IT', 'RADIO');

-- CreateEnum
CREATE TYPE "Method" AS ENUM ('REPORTED', 'DEVICE', 'IMPORTED', 'MODELLED', 'ESTIMATED');

-- CreateTable
CREATE TABLE "lifeline" (
    "id" UUID NOT NULL,
    "facility_id" UUID NOT NULL,
    "kind" "LifelineKind" NOT NULL,
    "stock" DOUBLE PRECISION,
    "stated_load" DOUBLE PRECISION,
    "stated_supplied" BOOLEAN,
    "source" TEXT NOT NULL,
    "method" "Method" NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "level" DOUBLE PRECISION,
    "level_at" TIMESTAMPTZ(3) NOT NULL,
    "load" DOUBLE PRECISION,
    "supplied" BOOLEAN NOT NULL,
    "delivery_at" TIMESTAMPTZ(3),
    "delivery_quantity" DOUBLE PRECISION,
    "renew_every_hours" INTEGER,
    "baseline_demand" DOUBLE PRECISION,
    "fails_at" TIMESTAMPTZ(3),
    "passed_hours" INTEGER,
    "next_check_at" TIMESTAMPTZ(3),

    CONSTRAINT "lifeline_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lifeline_report" (
    "facility_id" UUID NOT NULL,
    "kind" "LifelineKind" NOT NULL,
    "source" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "stock" DOUBLE PRECISION,
    "load" DOUBLE PRECISION,
    "supplied" BOOLEAN,
    "delivery_at" TIMESTAMPTZ(3),
    "delivery_quantity" DOUBLE PRECISION,
    "method" "Method" NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "reported_by" TEXT NOT NULL,

    CONSTRAINT "lifeline_report_pkey" PRIMARY KEY ("facility_id","kind","source","observed_at")
);

-- CreateIndex
CREATE UNIQUE INDEX "lifeline_facility_id_kind_key" ON "lifeline"("facility_id", "kind");

-- The order of the list of lifelines: the first to fail first, those without an hour of failure last.
CREATE INDEX "lifeline_by_failure" ON "lifeline"((COALESCE("fails_at", 'infinity')), "id");

-- What the clock has to look at.
CREATE INDEX "lifeline_due" ON "lifeline"("next_check_at") WHERE "next_check_at" IS NOT NULL;
