-- CreateTable
CREATE TABLE "bed_limit" (
    "facility_id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3),
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bed_limit_pkey" PRIMARY KEY ("facility_id","cause")
);

-- Declarations that must be renewed.
CREATE INDEX "bed_limit_due" ON "bed_limit"("until") WHERE "from_at" IS NOT NULL;

-- CreateTable
CREATE TABLE "occupancy" (
    "facility_id" UUID NOT NULL,
    "oxygen_demand" DOUBLE PRECISION,
    "intensive" INTEGER NOT NULL,
    "intensive_beds" INTEGER NOT NULL,
    "ward_beds" INTEGER NOT NULL,

    CONSTRAINT "occupancy_pkey" PRIMARY KEY ("facility_id")
);

-- CreateTable
CREATE TABLE "occupancy_reading" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "cursor" TEXT NOT NULL,

    CONSTRAINT "occupancy_reading_pkey" PRIMARY KEY ("id")
);
