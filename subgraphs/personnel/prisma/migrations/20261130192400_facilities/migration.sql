-- The directory of capacity's facilities, see shared/facility-directory/README.md. A subgraph that needs it copies this into a
-- migration of its own, and `facility-directory.prisma` from supply into its Prisma schema.
CREATE TABLE "facility" (
    "id" UUID NOT NULL,
    "area" TEXT NOT NULL,
    "site_number" TEXT,
    "ik" TEXT,
    "latitude" DOUBLE PRECISION NOT NULL,
    "longitude" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "facility_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "facility_site_number_key" ON "facility"("site_number");
CREATE INDEX "facility_area_idx" ON "facility"("area");
CREATE INDEX "facility_ik_idx" ON "facility"("ik");

CREATE TABLE "facility_directory" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "renewed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "facility_directory_pkey" PRIMARY KEY ("id")
);
