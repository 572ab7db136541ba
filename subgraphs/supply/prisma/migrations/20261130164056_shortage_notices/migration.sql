-- CreateTable
CREATE TABLE "shortage_notice" (
    "id" UUID NOT NULL,
    "case_number" TEXT NOT NULL,
    "first_case_number" TEXT,
    "report_kind" TEXT,
    "starts_on" DATE,
    "ends_on" DATE,
    "reported_on" DATE,
    "first_reported_on" DATE,
    "name" TEXT NOT NULL,
    "atc_code" TEXT,
    "substances" TEXT,
    "hospital_relevant" BOOLEAN NOT NULL,
    "holder" TEXT,
    "reason_kind" TEXT,
    "reason" TEXT,
    "comment" TEXT,
    "alternative" TEXT,
    "professional_information" TEXT,
    "classification" TEXT,
    "digest" TEXT NOT NULL,

    CONSTRAINT "shortage_notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shortage_pack" (
    "notice_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "pzn" TEXT,
    "enr" TEXT,
    "name" TEXT NOT NULL,
    "dose_form" TEXT,

    CONSTRAINT "shortage_pack_pkey" PRIMARY KEY ("notice_id","position")
);

-- CreateIndex
CREATE UNIQUE INDEX "shortage_notice_case_number_key" ON "shortage_notice"("case_number");

-- CreateIndex
CREATE INDEX "shortage_notice_name_id_idx" ON "shortage_notice"("name", "id");

-- CreateIndex
CREATE INDEX "shortage_pack_pzn_idx" ON "shortage_pack"("pzn");

-- AddForeignKey
ALTER TABLE "shortage_pack" ADD CONSTRAINT "shortage_pack_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "shortage_notice"("id") ON DELETE CASCADE ON UPDATE CASCADE;
