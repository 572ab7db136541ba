-- AlterTable
ALTER TABLE "reserve" ADD COLUMN "item_id" UUID,
ADD COLUMN "modelled_packets" INTEGER;

-- Packets that were registered before are in no stock: they have to be registered again, as those of a model.
UPDATE "reserve" SET "modelled_packets" = "packets",
  "item_id" = CASE "kind" WHEN 'MEDICAL_PACKET' THEN 'b8fd8277-a12a-8fca-8890-b430c7ac6574'::uuid ELSE 'df37ece3-6a7c-86b5-9747-1084ade3c372'::uuid END;

-- AlterTable
ALTER TABLE "reserve" ALTER COLUMN "item_id" SET NOT NULL,
DROP COLUMN "packets";

-- AlterTable
ALTER TABLE "reserve_release" ADD COLUMN "shipment_id" UUID;
