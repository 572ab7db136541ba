-- CreateTable
CREATE TABLE "chain_link" (
    "organisation_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "tier" INTEGER NOT NULL,
    "country" TEXT NOT NULL,
    "single_source" BOOLEAN NOT NULL,
    "stock_days" INTEGER NOT NULL,

    CONSTRAINT "chain_link_pkey" PRIMARY KEY ("organisation_id","item_id","position")
);

-- CreateTable
CREATE TABLE "item_risk" (
    "item_id" UUID NOT NULL,
    "score" INTEGER NOT NULL,

    CONSTRAINT "item_risk_pkey" PRIMARY KEY ("item_id")
);

-- CreateIndex
CREATE INDEX "chain_link_item_id_idx" ON "chain_link"("item_id");

-- CreateIndex
CREATE INDEX "item_risk_score_item_id_idx" ON "item_risk"("score" DESC, "item_id");
