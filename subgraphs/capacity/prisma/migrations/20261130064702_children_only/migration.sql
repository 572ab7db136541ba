-- Whether the facility treats children and nobody else.
ALTER TABLE "capability_declaration" ADD COLUMN "children_only" BOOLEAN NOT NULL DEFAULT false;
