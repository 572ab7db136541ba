-- CreateEnum
CREATE TYPE "SustainabilityConcern" AS ENUM ('SUDDEN_RISE', 'LOAD_DROPPED', 'SOURCES_CONTRADICT', 'LOAD_ASSUMED');

-- AlterTable
ALTER TABLE "sustainability_declaration" ADD COLUMN "concerns" "SustainabilityConcern"[] DEFAULT ARRAY[]::"SustainabilityConcern"[];

-- AlterTable
ALTER TABLE "sustainable_beds" ADD COLUMN "concerns" "SustainabilityConcern"[] DEFAULT ARRAY[]::"SustainabilityConcern"[];
