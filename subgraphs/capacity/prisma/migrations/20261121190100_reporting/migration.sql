-- CreateEnum
CREATE TYPE "RegionLevel" AS ENUM ('COUNTRY', 'KLEEBLATT', 'LAND', 'REGIERUNGSBEZIRK', 'KREIS');

-- CreateEnum
CREATE TYPE "FacilityKind" AS ENUM ('HOSPITAL', 'BUNDESWEHR_HOSPITAL', 'SPECIALIST_CLINIC', 'PSYCHIATRIC_HOSPITAL', 'REHABILITATION_CLINIC', 'FIELD_CLINIC', 'EMERGENCY_PRACTICE', 'PRACTICE', 'TRAUMA_OUTPATIENT_CLINIC', 'CARE_HOME', 'HOME_CARE_SERVICE', 'PLACEHOLDER');

-- CreateEnum
CREATE TYPE "Capability" AS ENUM ('NEUROSURGERY', 'BURNS', 'CHILD', 'MAXILLOFACIAL', 'OBSTETRICS', 'VENTILATION', 'DIALYSIS', 'ECMO', 'ISOLATION', 'DECONTAMINATION', 'CARDIAC_SURGERY', 'HELIPAD');

-- CreateEnum
CREATE TYPE "Kleeblatt" AS ENUM ('NORD', 'OST', 'SUED', 'SUEDWEST', 'WEST', 'INTERNATIONAL');

-- CreateEnum
CREATE TYPE "BedCategory" AS ENUM ('ICU_UNSPECIFIED', 'ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO', 'INTERMEDIATE_CARE', 'NORMAL_WARD', 'PAEDIATRIC_ICU', 'NEONATAL_ICU', 'BURN', 'ISOLATION', 'PSYCHIATRY', 'REHABILITATION');

-- CreateEnum
CREATE TYPE "BedStatus" AS ENUM ('AVAILABLE', 'LIMITED', 'UNAVAILABLE', 'NOT_REPORTED');

-- CreateEnum
CREATE TYPE "Limitation" AS ENUM ('STAFF', 'ROOM', 'VENTILATOR', 'CONSUMABLES');

-- CreateEnum
CREATE TYPE "Method" AS ENUM ('REPORTED', 'DEVICE', 'IMPORTED', 'MODELLED', 'ESTIMATED');

-- CreateEnum
CREATE TYPE "ReportTier" AS ENUM ('OWN', 'MODELLED');

-- CreateTable
CREATE TABLE "region" (
    "code" TEXT NOT NULL,
    "level" "RegionLevel" NOT NULL,
    "name" TEXT NOT NULL,
    "population" INTEGER NOT NULL,

    CONSTRAINT "region_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "facility" (
    "id" UUID NOT NULL,
    "site_number" TEXT,
    "ik" TEXT,
    "name" TEXT NOT NULL,
    "kind" "FacilityKind" NOT NULL,
    "area" TEXT NOT NULL,
    "kleeblatt" "Kleeblatt" NOT NULL,
    "latitude" DOUBLE PRECISION NOT NULL,
    "longitude" DOUBLE PRECISION NOT NULL,
    "street" TEXT,
    "postcode" TEXT,
    "city" TEXT,
    "capabilities" "Capability"[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "facility_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reference_edition" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "digest" TEXT NOT NULL,

    CONSTRAINT "reference_edition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bed_report" (
    "facility_id" UUID NOT NULL,
    "category" "BedCategory" NOT NULL,
    "source" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "method" "Method" NOT NULL,
    "operable" INTEGER,
    "occupied" INTEGER,
    "blocked" INTEGER,
    "status" "BedStatus" NOT NULL,
    "limitations" "Limitation"[],
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bed_report_pkey" PRIMARY KEY ("facility_id","category","source","observed_at")
);

-- CreateTable
CREATE TABLE "bed" (
    "facility_id" UUID NOT NULL,
    "category" "BedCategory" NOT NULL,
    "tier" "ReportTier" NOT NULL,
    "source" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "method" "Method" NOT NULL,
    "operable" INTEGER,
    "occupied" INTEGER,
    "blocked" INTEGER,
    "status" "BedStatus" NOT NULL,
    "limitations" "Limitation"[],
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "late" BOOLEAN NOT NULL,
    "stale_at" TIMESTAMPTZ(3) NOT NULL,
    "staleness_told" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "bed_pkey" PRIMARY KEY ("facility_id","category","tier")
);

-- CreateIndex
CREATE UNIQUE INDEX "facility_site_number_key" ON "facility"("site_number");

-- AddForeignKey
ALTER TABLE "bed_report" ADD CONSTRAINT "bed_report_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bed" ADD CONSTRAINT "bed_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The report in force per facility and category at a moment, with what follows from it: the one place where this is
-- decided for reading. The house's own report wins while it is fresh; otherwise the newest, whoever made it.
CREATE FUNCTION beds_at(moment TIMESTAMPTZ) RETURNS TABLE (
  facility_id UUID, category "BedCategory", tier "ReportTier", operable INT, occupied INT, reserved INT, blocked INT,
  held INT, free INT, overcommitted INT, status "BedStatus", limitations "Limitation"[], stale_at TIMESTAMPTZ,
  stale BOOLEAN, source TEXT, method "Method", observed_at TIMESTAMPTZ, received_at TIMESTAMPTZ, late BOOLEAN
) LANGUAGE sql STABLE ROWS 3000 AS $$
  SELECT DISTINCT ON (b.facility_id, b.category)
    b.facility_id, b.category, b.tier, b.operable, b.occupied, 0, b.blocked, 0,
    CASE WHEN b.operable IS NOT NULL THEN GREATEST(0, b.operable - b.occupied - b.blocked) END,
    CASE WHEN b.operable IS NOT NULL THEN GREATEST(0, b.occupied + b.blocked - b.operable) END,
    b.status, b.limitations, b.stale_at, b.stale_at <= moment,
    b.source, b.method, b.observed_at, b.received_at, b.late
  FROM "bed" b
  ORDER BY b.facility_id, b.category, (b.tier = 'OWN' AND b.stale_at > moment) DESC, b.observed_at DESC, b.tier
$$;

-- Great-circle distance in kilometres on a sphere of 6371 km.
CREATE FUNCTION great_circle_km(lat1 FLOAT8, lon1 FLOAT8, lat2 FLOAT8, lon2 FLOAT8) RETURNS FLOAT8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 2 * 6371 * asin(sqrt(LEAST(1,
    sin(radians(lat2 - lat1) / 2) ^ 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ^ 2)))
$$;
