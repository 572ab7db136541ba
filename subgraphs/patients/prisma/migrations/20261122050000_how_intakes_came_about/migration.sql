-- How the intake came about that a house is given patients by; null where nobody noted it.
ALTER TABLE "allocation_load" ADD COLUMN "method" TEXT;
