ALTER TYPE "AuditAction" ADD VALUE 'VERIFY_QUALIFICATION' AFTER 'END_COMMITMENT';

CREATE TYPE "QualificationStatus" AS ENUM ('ACTIVE', 'DORMANT', 'RETIRED', 'EXPIRED');
ALTER TABLE "qualification"
  ADD COLUMN "status" "QualificationStatus",
  ADD COLUMN "verified_at" TIMESTAMPTZ(3),
  ADD COLUMN "verified_by" TEXT,
  ADD CONSTRAINT "qualification_verified" CHECK (num_nulls("status", "verified_at", "verified_by") IN (0, 3));
