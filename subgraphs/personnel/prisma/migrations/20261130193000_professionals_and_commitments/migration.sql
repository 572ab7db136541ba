CREATE TYPE "Reachability" AS ENUM ('ALWAYS', 'LIMITED', 'NEVER');
CREATE TYPE "RegistrantKind" AS ENUM ('FACILITY', 'ORGANISATION', 'PERSON');
CREATE TYPE "Method" AS ENUM ('REPORTED', 'DEVICE', 'IMPORTED', 'ESTIMATED', 'MODELLED');
CREATE TYPE "CommitmentKind" AS ENUM ('MAIN_EMPLOYER', 'SIDE_JOB', 'FIRE_BRIGADE', 'THW', 'AID_ORGANISATION', 'BUNDESWEHR_RESERVE', 'RESERVE_POOL', 'CRISIS_STAFF');
CREATE TYPE "StaffGroup" AS ENUM ('PHYSICIAN', 'INTENSIVE_CARE_NURSE', 'NURSE', 'PARAMEDIC', 'MIDWIFE', 'PHARMACIST', 'MEDICAL_TECHNOLOGIST', 'THERAPIST');
CREATE TYPE "BedCategory" AS ENUM ('ICU_UNSPECIFIED', 'ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO', 'INTERMEDIATE_CARE', 'NORMAL_WARD', 'PAEDIATRIC_ICU', 'NEONATAL_ICU', 'BURN', 'ISOLATION', 'PSYCHIATRY', 'REHABILITATION');

CREATE TABLE "professional" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "person" UUID NOT NULL,
    "home_area" TEXT NOT NULL,
    "reachability" "Reachability" NOT NULL,
    "method" "Method" NOT NULL,
    "registrant_kind" "RegistrantKind" NOT NULL,
    "registrant" UUID,
    "name_digest" BYTEA,
    "registry_digest" BYTEA,
    "key_id" TEXT,
    "nonce" BYTEA,
    "sealed" BYTEA,
    "consent_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),
    "registered_at" TIMESTAMPTZ(3) NOT NULL,
    "registered_by" TEXT NOT NULL,

    CONSTRAINT "professional_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "professional_registrant" CHECK (("registrant_kind" = 'PERSON') = ("registrant" IS NULL)),
    CONSTRAINT "professional_sealed" CHECK (num_nulls("key_id", "nonce", "sealed") IN (0, 3))
);
CREATE INDEX "professional_person_idx" ON "professional"("person");
CREATE INDEX "professional_name_digest_idx" ON "professional"("name_digest");
CREATE INDEX "professional_registry_digest_idx" ON "professional"("registry_digest");
CREATE INDEX "professional_home_area_idx" ON "professional"("home_area");
CREATE INDEX "professional_registrant_idx" ON "professional"("registrant");

CREATE TABLE "commitment" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "professional_id" UUID NOT NULL,
    "kind" "CommitmentKind" NOT NULL,
    "facility_id" UUID,
    "organisation_id" UUID,
    "staff_group" "StaffGroup",
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "valid_until" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "exempt_at" TIMESTAMPTZ(3),
    "declared_at" TIMESTAMPTZ(3) NOT NULL,
    "declared_by" TEXT NOT NULL,

    CONSTRAINT "commitment_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "commitment_one_body" CHECK (num_nonnulls("facility_id", "organisation_id") <= 1),
    CONSTRAINT "commitment_employment" CHECK (("kind" IN ('MAIN_EMPLOYER', 'SIDE_JOB')) = ("staff_group" IS NOT NULL)
      AND ("facility_id" IS NULL OR "kind" IN ('MAIN_EMPLOYER', 'SIDE_JOB'))),
    CONSTRAINT "commitment_exemption" CHECK ("exempt_at" IS NULL OR "kind" = 'BUNDESWEHR_RESERVE'),
    CONSTRAINT "commitment_period" CHECK ("valid_until" IS NULL OR "valid_until" > "valid_from")
);
CREATE INDEX "commitment_professional_id_idx" ON "commitment"("professional_id");
CREATE INDEX "commitment_facility_id_idx" ON "commitment"("facility_id");
CREATE INDEX "commitment_organisation_id_idx" ON "commitment"("organisation_id");
ALTER TABLE "commitment" ADD CONSTRAINT "commitment_professional_id_fkey" FOREIGN KEY ("professional_id") REFERENCES "professional"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "operable_beds" (
    "facility_id" UUID NOT NULL,
    "category" "BedCategory" NOT NULL,
    "operable" INTEGER NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "method" "Method" NOT NULL,

    CONSTRAINT "operable_beds_pkey" PRIMARY KEY ("facility_id", "category")
);
