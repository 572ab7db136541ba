-- CreateEnum
CREATE TYPE "Hazard" AS ENUM ('MASS_CASUALTY', 'PANDEMIC', 'FLOOD', 'HEAT', 'POWER_FAILURE', 'CYBER_ATTACK', 'CBRN', 'TERROR', 'EVACUATION', 'WAR_WOUNDED');

-- CreateEnum
CREATE TYPE "TriageCategory" AS ENUM ('SK_I', 'SK_II', 'SK_III', 'SK_IV', 'EX', 'UNINJURED', 'UNTRIAGED');

-- CreateEnum
CREATE TYPE "BedCategory" AS ENUM ('ICU_UNSPECIFIED', 'ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO', 'INTERMEDIATE_CARE', 'NORMAL_WARD', 'PAEDIATRIC_ICU', 'NEONATAL_ICU', 'BURN', 'ISOLATION', 'PSYCHIATRY', 'REHABILITATION');

-- CreateEnum
CREATE TYPE "IncidentStatus" AS ENUM ('OPEN', 'CLOSED');

-- CreateEnum
CREATE TYPE "SectionKind" AS ENUM ('CASUALTY_COLLECTION', 'TREATMENT', 'LOADING', 'STAGING', 'CARE');

-- CreateEnum
CREATE TYPE "IncidentEntryKind" AS ENUM ('DECLARED', 'ESTIMATED', 'SECTION_OPENED', 'ESCALATED', 'CASUALTIES_REGISTERED', 'CLOSED');

-- CreateEnum
CREATE TYPE "Need" AS ENUM ('NEUROSURGERY', 'BURNS', 'CHILD', 'MAXILLOFACIAL', 'OBSTETRICS', 'VENTILATION', 'DIALYSIS', 'ECMO', 'ISOLATION', 'DECONTAMINATION', 'CARDIAC_SURGERY');

-- CreateEnum
CREATE TYPE "PatientOrigin" AS ENUM ('CIVILIAN', 'MILITARY', 'ALLIED');

-- CreateEnum
CREATE TYPE "TriageMethod" AS ENUM ('MSTART', 'PHYSICIAN', 'STATED');

-- CreateEnum
CREATE TYPE "TransferKind" AS ENUM ('PRIMARY', 'SECONDARY', 'CAPACITY', 'STRATEGIC', 'REHABILITATION', 'RETURN', 'INTERNATIONAL', 'EVACUATION');

-- CreateEnum
CREATE TYPE "TransferStatus" AS ENUM ('REQUESTED', 'DEFERRED', 'APPROVED', 'REJECTED', 'DESTINATION_REQUESTED', 'ACCEPTED', 'REFUSED', 'TRANSPORT_SOUGHT', 'TRANSPORT_ASSIGNED', 'PICKED_UP', 'UNDER_WAY', 'DIVERTED', 'ARRIVED', 'HANDED_OVER', 'CANCELLED', 'DIED');

-- CreateEnum
CREATE TYPE "ApprovalLevel" AS ENUM ('ORIGIN', 'ORIGIN_SPOC', 'DESTINATION', 'DESTINATION_SPOC');

-- CreateEnum
CREATE TYPE "ErrandKind" AS ENUM ('RESERVE', 'CONFIRM', 'REDEEM', 'RELEASE');

-- CreateEnum
CREATE TYPE "VehicleInconsistency" AS ENUM ('ARRIVED_WITHOUT_PATIENT', 'ARRIVED_UNACCEPTED', 'FREE_WITH_PATIENT');

-- CreateEnum
CREATE TYPE "TransportMeans" AS ENUM ('RTW', 'KTW', 'ITW', 'RTH', 'ITH', 'NEF', 'BUS', 'LARGE_ITW', 'MEDEVAC');

-- CreateEnum
CREATE TYPE "AuditAction" AS ENUM ('FIND_BY_TAG', 'REVEAL_IDENTITY', 'ERASE');

-- CreateTable
CREATE TABLE "incident" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "hazard" "Hazard" NOT NULL,
    "area" TEXT NOT NULL,
    "lead_area" TEXT NOT NULL,
    "latitude" DOUBLE PRECISION NOT NULL,
    "longitude" DOUBLE PRECISION NOT NULL,
    "estimated_casualties" INTEGER,
    "status" "IncidentStatus" NOT NULL DEFAULT 'OPEN',
    "declared_at" TIMESTAMPTZ(3) NOT NULL,
    "declared_by" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_section" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "incident_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "SectionKind" NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "incident_section_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_entry" (
    "incident_id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "kind" "IncidentEntryKind" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "incident_entry_pkey" PRIMARY KEY ("incident_id","seq")
);

-- CreateTable
CREATE TABLE "patient" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "tag" TEXT NOT NULL,
    "incident_id" UUID,
    "registered_in" UUID,
    "facility_id" UUID,
    "area" TEXT NOT NULL,
    "section_id" UUID,
    "category" "TriageCategory" NOT NULL,
    "by_physician" BOOLEAN NOT NULL,
    "triaged_at" TIMESTAMPTZ(3),
    "retriage_at" TIMESTAMPTZ(3),
    "retriage_told" BOOLEAN NOT NULL DEFAULT false,
    "transport_priority" BOOLEAN NOT NULL,
    "needs" "Need"[],
    "ventilated" BOOLEAN NOT NULL,
    "physician_escort" BOOLEAN NOT NULL,
    "pzc" TEXT,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "origin" "PatientOrigin" NOT NULL,
    "registered_at" TIMESTAMPTZ(3) NOT NULL,
    "registered_by" TEXT NOT NULL,
    "died_at" TIMESTAMPTZ(3),
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "patient_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_identity" (
    "patient_id" UUID NOT NULL,
    "key_id" TEXT NOT NULL,
    "nonce" BYTEA NOT NULL,
    "sealed" BYTEA NOT NULL,

    CONSTRAINT "patient_identity_pkey" PRIMARY KEY ("patient_id")
);

-- CreateTable
CREATE TABLE "triage_assessment" (
    "patient_id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "category" "TriageCategory" NOT NULL,
    "method" "TriageMethod" NOT NULL,
    "by_physician" BOOLEAN NOT NULL,
    "findings" JSONB,
    "decisive" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,

    CONSTRAINT "triage_assessment_pkey" PRIMARY KEY ("patient_id","seq")
);

-- CreateTable
CREATE TABLE "transfer" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" "TransferKind" NOT NULL,
    "patient_id" UUID NOT NULL,
    "incident_id" UUID,
    "status" "TransferStatus" NOT NULL,
    "status_at" TIMESTAMPTZ(3) NOT NULL,
    "from_facility" UUID,
    "from_area" TEXT NOT NULL,
    "to_facility" UUID,
    "to_area" TEXT,
    "bed_category" "BedCategory",
    "intake" "TriageCategory",
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "reservation_id" UUID,
    "reservation_item" UUID,
    "place_until" TIMESTAMPTZ(3),
    "vehicle_id" UUID,
    "means" "TransportMeans",
    "estimated_arrival" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),
    "escalated_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "transfer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transfer_step" (
    "transfer_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "status" "TransferStatus" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "reason" TEXT,
    "facility" UUID,

    CONSTRAINT "transfer_step_pkey" PRIMARY KEY ("transfer_id","position")
);

-- CreateTable
CREATE TABLE "transfer_approval" (
    "transfer_id" UUID NOT NULL,
    "level" "ApprovalLevel" NOT NULL,
    "area" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "reason" TEXT,

    CONSTRAINT "transfer_approval_pkey" PRIMARY KEY ("transfer_id","level","area")
);

-- CreateTable
CREATE TABLE "capacity_errand" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "transfer_id" UUID NOT NULL,
    "kind" "ErrandKind" NOT NULL,
    "attempt" INTEGER NOT NULL,
    "facility" UUID NOT NULL,
    "bed_category" "BedCategory",
    "intake" "TriageCategory",
    "reservation_id" UUID,
    "item" UUID,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "done_at" TIMESTAMPTZ(3),
    "outcome" JSONB,

    CONSTRAINT "capacity_errand_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vehicle" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "call_sign" TEXT NOT NULL,
    "means" "TransportMeans" NOT NULL,
    "area" TEXT NOT NULL,
    "physician" BOOLEAN NOT NULL,
    "ventilator" BOOLEAN NOT NULL,
    "status" INTEGER,
    "status_at" TIMESTAMPTZ(3),

    CONSTRAINT "vehicle_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vehicle_report" (
    "vehicle_id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "status" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "inconsistency" "VehicleInconsistency",
    "transfers" UUID[],

    CONSTRAINT "vehicle_report_pkey" PRIMARY KEY ("vehicle_id","seq")
);

-- CreateTable
CREATE TABLE "facility_place" (
    "id" UUID NOT NULL,
    "area" TEXT NOT NULL,

    CONSTRAINT "facility_place_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "roles" TEXT[],
    "action" "AuditAction" NOT NULL,
    "patient_id" UUID,
    "found" BOOLEAN NOT NULL,
    "purpose" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "incident_declared_at_id_idx" ON "incident"("declared_at", "id");

-- CreateIndex
CREATE INDEX "incident_area_idx" ON "incident"("area");

-- CreateIndex
CREATE UNIQUE INDEX "incident_section_incident_id_name_key" ON "incident_section"("incident_id", "name");

-- CreateIndex
CREATE INDEX "patient_incident_id_registered_at_id_idx" ON "patient"("incident_id", "registered_at", "id");

-- CreateIndex
CREATE INDEX "patient_facility_id_idx" ON "patient"("facility_id");

-- CreateIndex
CREATE INDEX "patient_tag_idx" ON "patient"("tag");

-- CreateIndex
CREATE INDEX "transfer_created_at_id_idx" ON "transfer"("created_at", "id");

-- CreateIndex
CREATE INDEX "transfer_patient_id_idx" ON "transfer"("patient_id");

-- CreateIndex
CREATE INDEX "transfer_from_facility_idx" ON "transfer"("from_facility");

-- CreateIndex
CREATE INDEX "transfer_to_facility_idx" ON "transfer"("to_facility");

-- CreateIndex
CREATE INDEX "transfer_incident_id_idx" ON "transfer"("incident_id");

-- CreateIndex
CREATE INDEX "transfer_vehicle_id_idx" ON "transfer"("vehicle_id");

-- CreateIndex
CREATE INDEX "capacity_errand_transfer_id_idx" ON "capacity_errand"("transfer_id");

-- CreateIndex
CREATE UNIQUE INDEX "vehicle_call_sign_key" ON "vehicle"("call_sign");

-- CreateIndex
CREATE INDEX "vehicle_report_vehicle_id_at_idx" ON "vehicle_report"("vehicle_id", "at");

-- CreateIndex
CREATE INDEX "audit_entry_patient_id_at_idx" ON "audit_entry"("patient_id", "at");

-- CreateIndex
CREATE INDEX "audit_entry_by_at_idx" ON "audit_entry"("by", "at");

-- AddForeignKey
ALTER TABLE "incident_section" ADD CONSTRAINT "incident_section_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_entry" ADD CONSTRAINT "incident_entry_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient" ADD CONSTRAINT "patient_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient" ADD CONSTRAINT "patient_section_id_fkey" FOREIGN KEY ("section_id") REFERENCES "incident_section"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_identity" ADD CONSTRAINT "patient_identity_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "triage_assessment" ADD CONSTRAINT "triage_assessment_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_vehicle_id_fkey" FOREIGN KEY ("vehicle_id") REFERENCES "vehicle"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer_step" ADD CONSTRAINT "transfer_step_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer_approval" ADD CONSTRAINT "transfer_approval_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "capacity_errand" ADD CONSTRAINT "capacity_errand_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vehicle_report" ADD CONSTRAINT "vehicle_report_vehicle_id_fkey" FOREIGN KEY ("vehicle_id") REFERENCES "vehicle"("id") ON DELETE RESTRICT ON UPDATE CASCADE;



-- A patient has at most one transfer that has not ended.
CREATE UNIQUE INDEX "transfer_active" ON "transfer"("patient_id")
  WHERE "status" NOT IN ('REJECTED', 'HANDED_OVER', 'CANCELLED', 'DIED');
-- A reserved place is one patient's.
CREATE UNIQUE INDEX "transfer_place" ON "transfer"("reservation_item")
  WHERE "status" NOT IN ('REJECTED', 'HANDED_OVER', 'CANCELLED', 'DIED');
-- A tag names one person within an incident, and within a house that registered him itself.
CREATE UNIQUE INDEX "patient_tag_of_incident" ON "patient"("incident_id", "tag") WHERE "incident_id" IS NOT NULL;
CREATE UNIQUE INDEX "patient_tag_of_facility" ON "patient"("registered_in", "tag") WHERE "registered_in" IS NOT NULL;
ALTER TABLE "patient" ADD CONSTRAINT "patient_of_incident_or_facility"
  CHECK (("incident_id" IS NULL) <> ("registered_in" IS NULL));

-- What is still to be done is found however much was.
CREATE INDEX "capacity_errand_open" ON "capacity_errand"("next_at") WHERE "done_at" IS NULL;
-- A place that was given back or used is no other transfer's.
CREATE INDEX "capacity_errand_settled" ON "capacity_errand"("item") WHERE "kind" IN ('RELEASE', 'REDEEM');
CREATE INDEX "transfer_lapsing" ON "transfer"("place_until")
  WHERE "status" IN ('ACCEPTED', 'TRANSPORT_SOUGHT', 'TRANSPORT_ASSIGNED');
CREATE INDEX "vehicle_report_inconsistent" ON "vehicle_report" USING gin ("transfers") WHERE "inconsistency" IS NOT NULL;
CREATE INDEX "transfer_due" ON "transfer"("due_at") WHERE "due_at" IS NOT NULL AND "escalated_at" IS NULL;
CREATE INDEX "patient_retriage" ON "patient"("retriage_at") WHERE "retriage_at" IS NOT NULL AND NOT "retriage_told";

-- Whom a patient's way concerns: the houses that treat him or are asked to. Together with the area's staff they are all who
-- may know of him. A house that refused, or was not asked yet, is none of them.
CREATE FUNCTION concerned_facilities(patient UUID) RETURNS SETOF UUID LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.facility_id FROM "patient" p WHERE p.id = patient AND p.facility_id IS NOT NULL
  UNION
  SELECT f FROM "transfer" t, unnest(ARRAY[t.from_facility, t.to_facility]) AS f
  WHERE t.patient_id = patient AND f IS NOT NULL AND t.status NOT IN ('REJECTED', 'CANCELLED')
    AND (f = t.from_facility OR t.status NOT IN ('REQUESTED', 'DEFERRED', 'APPROVED', 'REFUSED'))
$$;

-- Whether a caller with these areas and facilities may know of a patient. Every reading of patients and of what hangs on
-- them goes through this: a hidden id and a missing one run the same statements.
CREATE FUNCTION may_see(patient UUID, patient_area TEXT, areas TEXT[], facilities UUID[]) RETURNS BOOLEAN
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM unnest(areas) AS a WHERE starts_with(patient_area, a))
    OR (cardinality(facilities) > 0
        AND EXISTS (SELECT FROM concerned_facilities(patient) AS f WHERE f = ANY (facilities)))
$$;

-- The houses that have a patient: where he is treated, or where he has arrived. With `expecting` also those that have
-- accepted him and wait for him.
CREATE FUNCTION treating_facilities(patient UUID, expecting BOOLEAN) RETURNS SETOF UUID
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.facility_id FROM "patient" p WHERE p.id = patient AND p.facility_id IS NOT NULL
  UNION
  SELECT t.to_facility FROM "transfer" t
  WHERE t.patient_id = patient AND t.to_facility IS NOT NULL
    AND (t.status = 'ARRIVED'
      OR expecting AND t.status IN ('ACCEPTED', 'TRANSPORT_SOUGHT', 'TRANSPORT_ASSIGNED', 'PICKED_UP', 'UNDER_WAY'))
$$;
