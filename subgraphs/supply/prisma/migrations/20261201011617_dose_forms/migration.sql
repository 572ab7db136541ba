-- AlterTable
ALTER TABLE "item" ADD COLUMN "dose_form" TEXT;

-- CreateIndex
CREATE INDEX "item_substance_idx" ON "item" USING HASH ("substance");
