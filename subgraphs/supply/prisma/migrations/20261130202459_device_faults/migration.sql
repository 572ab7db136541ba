-- CreateEnum
CREATE TYPE "DeviceKind" AS ENUM ('VENTILATOR', 'ANAESTHESIA_MACHINE', 'ECMO', 'HEART_LUNG_MACHINE', 'DIALYSIS_MACHINE', 'PATIENT_MONITOR', 'INFUSION_PUMP', 'DEFIBRILLATOR', 'INCUBATOR', 'CT', 'MRI', 'X_RAY', 'ANGIOGRAPHY', 'ULTRASOUND', 'LABORATORY_ANALYSER', 'STERILIZER', 'MEDICAL_GAS_PLANT', 'OTHER');

-- CreateEnum
CREATE TYPE "DeviceFaultStatus" AS ENUM ('REPORTED', 'ACKNOWLEDGED', 'TECHNICIAN_UNDER_WAY', 'CLOSING_PROPOSED', 'CLOSED');

-- CreateEnum
CREATE TYPE "FaultResolution" AS ENUM ('REPAIRED', 'REPLACED', 'WITHDRAWN');

-- CreateEnum
CREATE TYPE "DeviceFaultAct" AS ENUM ('REPORT', 'ACKNOWLEDGE', 'ESCALATE', 'DISPATCH_TECHNICIAN', 'PROPOSE_CLOSING', 'CLOSE');

-- CreateEnum
CREATE TYPE "BedCategory" AS ENUM ('ICU_UNSPECIFIED', 'ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO', 'INTERMEDIATE_CARE', 'NORMAL_WARD', 'PAEDIATRIC_ICU', 'NEONATAL_ICU', 'BURN', 'ISOLATION', 'PSYCHIATRY', 'REHABILITATION');

-- CreateTable
CREATE TABLE "device_fault" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "facility_id" UUID NOT NULL,
    "area" TEXT NOT NULL,
    "kind" "DeviceKind" NOT NULL,
    "failed" INTEGER NOT NULL,
    "devices" INTEGER NOT NULL,
    "description" TEXT,
    "service_partner_id" UUID,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "expected_repair_at" TIMESTAMPTZ(3),
    "source" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "status" "DeviceFaultStatus" NOT NULL,
    "resolution" "FaultResolution",
    "reported_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledge_until" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "escalated_at" TIMESTAMPTZ(3),
    "technician_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "assessed_at" TIMESTAMPTZ(3),
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "device_fault_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "device_fault_beds" (
    "fault_id" UUID NOT NULL,
    "category" "BedCategory" NOT NULL,
    "missing" INTEGER NOT NULL,
    "intact" INTEGER,

    CONSTRAINT "device_fault_beds_pkey" PRIMARY KEY ("fault_id","category")
);

-- CreateTable
CREATE TABLE "device_fault_step" (
    "fault_id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "act" "DeviceFaultAct" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "by_partner" BOOLEAN NOT NULL,
    "expected_at" TIMESTAMPTZ(3),
    "resolution" "FaultResolution",
    "note" TEXT,

    CONSTRAINT "device_fault_step_pkey" PRIMARY KEY ("fault_id","seq")
);

-- CreateIndex
CREATE INDEX "device_fault_reported_at_seq_idx" ON "device_fault"("reported_at", "seq");

-- CreateIndex
CREATE INDEX "device_fault_facility_id_reported_at_idx" ON "device_fault"("facility_id", "reported_at");

-- CreateIndex
CREATE INDEX "device_fault_service_partner_id_reported_at_idx" ON "device_fault"("service_partner_id", "reported_at");

-- CreateIndex
CREATE INDEX "device_fault_acknowledge_until_idx" ON "device_fault"("acknowledge_until");

-- AddForeignKey
ALTER TABLE "device_fault_beds" ADD CONSTRAINT "device_fault_beds_fault_id_fkey" FOREIGN KEY ("fault_id") REFERENCES "device_fault"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device_fault_step" ADD CONSTRAINT "device_fault_step_fault_id_fkey" FOREIGN KEY ("fault_id") REFERENCES "device_fault"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A constraint of the table as well as a rule: what fails is there.
ALTER TABLE "device_fault" ADD CONSTRAINT "device_fault_failed_check" CHECK ("failed" BETWEEN 1 AND "devices");
ALTER TABLE "device_fault_beds" ADD CONSTRAINT "device_fault_beds_missing_check" CHECK ("missing" > 0);
