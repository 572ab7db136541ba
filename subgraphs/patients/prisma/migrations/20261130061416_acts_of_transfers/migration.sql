-- AlterTable
ALTER TABLE "transfer_step" ADD COLUMN     "act" TEXT,
ADD COLUMN     "attempt" INTEGER;
