ALTER TABLE "professional"
  ADD COLUMN "employer_facility" UUID,
  ADD COLUMN "employer_organisation" UUID,
  ADD COLUMN "erased_at" TIMESTAMPTZ(3),
  ADD CONSTRAINT "professional_one_employer" CHECK (num_nonnulls("employer_facility", "employer_organisation") <= 1);
CREATE INDEX "professional_registered_at_id_idx" ON "professional"("registered_at", "id");
CREATE INDEX "professional_employer_facility_idx" ON "professional"("employer_facility");
CREATE INDEX "professional_employer_organisation_idx" ON "professional"("employer_organisation");

CREATE TABLE "qualification" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "professional_id" UUID NOT NULL,
    "profession" TEXT NOT NULL,
    "specialty" TEXT,
    "chamber" UUID,

    CONSTRAINT "qualification_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "qualification_professional_id_idx" ON "qualification"("professional_id");
CREATE INDEX "qualification_chamber_idx" ON "qualification"("chamber");
ALTER TABLE "qualification" ADD CONSTRAINT "qualification_professional_id_fkey" FOREIGN KEY ("professional_id") REFERENCES "professional"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TYPE "DuplicateGround" AS ENUM ('NAME', 'REGISTRY_NUMBER');
CREATE TABLE "possible_duplicate" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "a" UUID NOT NULL,
    "b" UUID NOT NULL,
    "ground" "DuplicateGround" NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "is_same" BOOLEAN,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,
    "is_final" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "possible_duplicate_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "possible_duplicate_order" CHECK ("a" < "b"),
    CONSTRAINT "possible_duplicate_decided" CHECK (num_nulls("is_same", "decided_at", "decided_by") IN (0, 3))
);
CREATE UNIQUE INDEX "possible_duplicate_a_b_key" ON "possible_duplicate"("a", "b");
CREATE INDEX "possible_duplicate_b_idx" ON "possible_duplicate"("b");

CREATE TYPE "AuditAction" AS ENUM ('REGISTER', 'READ', 'DECIDE_DUPLICATE', 'ERASE', 'READ_AUDIT');
CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "roles" TEXT[],
    "action" "AuditAction" NOT NULL,
    "field" TEXT NOT NULL,
    "people" UUID[],
    "found" BOOLEAN NOT NULL,
    "count" INTEGER NOT NULL,
    "areas" TEXT[],
    "facilities" UUID[],
    "reader_facilities" UUID[],

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "audit_entry_at_id_idx" ON "audit_entry"("at", "id");
CREATE INDEX "audit_entry_by_at_idx" ON "audit_entry"("by", "at");
CREATE INDEX "audit_entry_people_idx" ON "audit_entry" USING GIN ("people");
-- shared/database/grants.sql goes by this comment.
COMMENT ON TABLE "audit_entry" IS 'append-only: the runtime role reads and inserts, and neither changes nor deletes';

-- The rule as it is now stands in shared/audit/functions.
CREATE FUNCTION audit_entry_kept() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entries are inserted and read, never changed or deleted';
END
$$;
CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION audit_entry_kept();
CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON "audit_entry" FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_kept();
