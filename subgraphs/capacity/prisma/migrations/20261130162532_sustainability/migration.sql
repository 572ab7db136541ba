-- How many beds a facility can keep in use while its lifelines, devices and staff last, and who set a limit aside.
CREATE TYPE "SustainabilityCause" AS ENUM ('POWER', 'OXYGEN', 'COMPRESSED_AIR', 'WATER', 'HEAT', 'FOOD', 'BLOOD', 'IT', 'RADIO', 'DEVICE', 'STAFF');

-- CreateTable
CREATE TABLE "sustainability_declaration" (
    "facility_id" UUID NOT NULL,
    "category" "BedCategory" NOT NULL,
    "cause" "SustainabilityCause" NOT NULL,
    "source" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "method" "Method" NOT NULL,
    "beds" INTEGER,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sustainability_declaration_pkey" PRIMARY KEY ("facility_id", "category", "cause", "observed_at", "source")
);

-- CreateTable
CREATE TABLE "sustainable_beds" (
    "facility_id" UUID NOT NULL,
    "category" "BedCategory" NOT NULL,
    "cause" "SustainabilityCause" NOT NULL,
    "modelled" BOOLEAN NOT NULL,
    "source" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "method" "Method" NOT NULL,
    "beds" INTEGER,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "left_out" BOOLEAN NOT NULL,
    "fell_at" TIMESTAMPTZ(3),
    "near_published" BOOLEAN NOT NULL,
    "effect_published" BOOLEAN NOT NULL,
    "unrenewed_published" BOOLEAN NOT NULL,

    CONSTRAINT "sustainable_beds_pkey" PRIMARY KEY ("facility_id", "category", "cause", "modelled"),
    CONSTRAINT "sustainable_beds_modelled" CHECK ("modelled" = ("method" = 'MODELLED')),
    CONSTRAINT "sustainable_beds_not_negative" CHECK ("beds" >= 0)
);

-- CreateTable
CREATE TABLE "sustainability_override" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "facility_id" UUID NOT NULL,
    "cause" "SustainabilityCause" NOT NULL,
    "reason" TEXT NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "placed_by" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "replaced_at" TIMESTAMPTZ(3),
    "end_published" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "sustainability_override_pkey" PRIMARY KEY ("id")
);

-- Of a cause that limits, what free beds are computed from: modelled numbers are not in it, however many there are.
CREATE INDEX "sustainable_beds_limiting" ON "sustainable_beds"("facility_id", "category") WHERE NOT "modelled" AND "beds" IS NOT NULL;
-- What the clock has yet to publish.
CREATE INDEX "sustainable_beds_unpublished" ON "sustainable_beds"("from_at") WHERE NOT "modelled" AND "beds" IS NOT NULL AND NOT "effect_published";
CREATE INDEX "sustainable_beds_not_renewed" ON "sustainable_beds"("until") WHERE NOT "modelled" AND "beds" IS NOT NULL;
CREATE INDEX "sustainable_beds_fallen" ON "sustainable_beds"("fell_at") WHERE "fell_at" IS NOT NULL;
-- One override of a cause at a time.
CREATE UNIQUE INDEX "sustainability_override_last" ON "sustainability_override"("facility_id", "cause") WHERE "replaced_at" IS NULL;
CREATE INDEX "sustainability_override_unpublished" ON "sustainability_override"("until") WHERE "replaced_at" IS NULL AND NOT "end_published";

-- AddForeignKey
ALTER TABLE "sustainability_declaration" ADD CONSTRAINT "sustainability_declaration_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sustainable_beds" ADD CONSTRAINT "sustainable_beds_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sustainability_override" ADD CONSTRAINT "sustainability_override_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
