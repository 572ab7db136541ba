-- CreateTable
CREATE TABLE "lifeline_source" (
    "facility_id" UUID NOT NULL,
    "kind" "LifelineKind" NOT NULL,
    "reported_by" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lifeline_source_pkey" PRIMARY KEY ("facility_id","kind","reported_by","source")
);

-- CreateIndex
CREATE INDEX "lifeline_source_facility_id_kind_observed_at_idx" ON "lifeline_source"("facility_id", "kind", "observed_at");

-- The sources of what was reported before.
INSERT INTO "lifeline_source" ("facility_id", "kind", "reported_by", "source", "observed_at", "received_at")
SELECT "facility_id", "kind", "reported_by", "source", max("observed_at") FILTER (WHERE "method" <> 'MODELLED'), max("received_at")
FROM "lifeline_report" GROUP BY 1, 2, 3, 4;
