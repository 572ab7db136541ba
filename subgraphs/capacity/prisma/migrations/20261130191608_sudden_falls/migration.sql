ALTER TABLE "sustainability_declaration" ADD COLUMN "sudden" BOOLEAN NOT NULL DEFAULT false;
