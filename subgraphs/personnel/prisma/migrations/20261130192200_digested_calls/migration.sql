-- Keys and inputs are stored as keyed digests. The columns are renamed so that a replica of an earlier version, which does not
-- know the digests, fails instead of doing a call a second time.
ALTER TABLE "idempotent_call" RENAME COLUMN "key" TO "key_digest";
ALTER TABLE "idempotent_call" RENAME COLUMN "digest" TO "input_digest";
