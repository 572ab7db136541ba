ALTER TABLE "stock" ADD COLUMN "unusable_quantity" DECIMAL(14,3) NOT NULL DEFAULT 0,
ADD COLUMN "judged_again_at" TIMESTAMPTZ(3);

-- What can be used of stocks with batches is judged as soon as the clock runs.
UPDATE "stock" s SET "judged_again_at" = 'epoch'
WHERE EXISTS (SELECT FROM "stock_batch" b WHERE b."stock_id" = s."id" AND b."batch" <> '' AND b."quantity" > 0);

-- Few stocks have dates: the others are not in it.
CREATE INDEX "stock_judged_again" ON "stock"("judged_again_at") WHERE "judged_again_at" IS NOT NULL;
