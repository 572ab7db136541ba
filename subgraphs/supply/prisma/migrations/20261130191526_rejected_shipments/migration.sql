-- AlterEnum
ALTER TYPE "SupplyAct" ADD VALUE 'REJECT' BEFORE 'SEND_BACK';

-- AlterTable
ALTER TABLE "supply_shipment" ADD COLUMN "rejected" DECIMAL(14,3) NOT NULL DEFAULT 0,
ADD COLUMN "usable_until" TIMESTAMPTZ(3);

ALTER TABLE "supply_shipment" DROP CONSTRAINT "supply_shipment_parts";
ALTER TABLE "supply_shipment" ADD CONSTRAINT "supply_shipment_parts" CHECK (
  "quantity" > 0 AND "received" >= 0 AND "lost" >= 0 AND "rejected" >= 0 AND "received" + "lost" + "rejected" <= "quantity"
  AND "returned" BETWEEN 0 AND "received"
);
