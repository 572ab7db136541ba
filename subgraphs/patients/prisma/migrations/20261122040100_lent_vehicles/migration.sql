-- AlterTable
ALTER TABLE "vehicle" ADD COLUMN     "lent_by" TEXT;
