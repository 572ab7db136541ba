ALTER TABLE "occupancy" ADD COLUMN "kind" TEXT;
-- All occupancies are read again, with the kinds.
DELETE FROM "occupancy_reading";
ALTER TABLE "stock"
    ADD COLUMN "consumption_modelled" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "model_rule" TEXT;
-- Modelled stocks that bookings moved away from their level: none while nobody books.
DROP INDEX "stock_renewal";
CREATE INDEX "stock_renewal" ON "stock"("renews_at") WHERE "modelled" AND "quantity" <> "renewal_quantity";
-- Facilities of which stocks were modelled are found by it.
CREATE INDEX "stock_model" ON "stock"("holder_id") WHERE "model_rule" IS NOT NULL;
