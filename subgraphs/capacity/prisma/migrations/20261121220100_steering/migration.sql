-- CreateEnum
CREATE TYPE "Phase" AS ENUM ('EVERYDAY', 'MASS_CASUALTY', 'SUPRAREGIONAL_MASS_CASUALTY', 'PANDEMIC', 'CATASTROPHE', 'STATE_OF_CONSENT', 'STATE_OF_TENSION', 'ALLIANCE_CASE', 'STATE_OF_DEFENCE');

-- CreateEnum
CREATE TYPE "Hazard" AS ENUM ('MASS_CASUALTY', 'PANDEMIC', 'FLOOD', 'HEAT', 'POWER_FAILURE', 'CYBER_ATTACK', 'CBRN', 'TERROR', 'EVACUATION', 'WAR_WOUNDED');

-- CreateEnum
CREATE TYPE "Department" AS ENUM ('WHOLE_HOUSE', 'EMERGENCY', 'TRAUMA_SURGERY', 'SURGERY', 'INTERNAL_MEDICINE', 'INTENSIVE_CARE', 'CARDIOLOGY', 'CARDIAC_SURGERY', 'NEUROLOGY', 'NEUROSURGERY', 'PAEDIATRICS', 'OBSTETRICS', 'BURNS', 'MAXILLOFACIAL_SURGERY', 'DIALYSIS', 'PSYCHIATRY');

-- CreateEnum
CREATE TYPE "Urgency" AS ENUM ('IMMEDIATE', 'INPATIENT', 'AMBULATORY');

-- CreateEnum
CREATE TYPE "CareLevel" AS ENUM ('STANDARD', 'COMPENSATED', 'DECOMPENSATED');

-- CreateEnum
CREATE TYPE "TraumaLevel" AS ENUM ('LOCAL', 'REGIONAL', 'SUPRAREGIONAL');

-- CreateEnum
CREATE TYPE "TriageCategory" AS ENUM ('SK_I', 'SK_II', 'SK_III', 'SK_IV', 'EX', 'UNINJURED', 'UNTRIAGED');

-- CreateEnum
CREATE TYPE "Weekday" AS ENUM ('MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY');

-- CreateEnum
CREATE TYPE "ReservationKind" AS ENUM ('PRIMARY', 'STRATEGIC');

-- AlterTable
ALTER TABLE "bed_report" DROP CONSTRAINT "bed_report_pkey",
ADD CONSTRAINT "bed_report_pkey" PRIMARY KEY ("facility_id", "category", "observed_at", "source");

-- AlterTable
ALTER TABLE "facility" ADD COLUMN     "declared_id" UUID;

-- CreateTable
CREATE TABLE "phase_declaration" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "area" TEXT NOT NULL,
    "phase" "Phase" NOT NULL,
    "hazard" "Hazard" NOT NULL,
    "legal_basis" TEXT NOT NULL,
    "declared_at" TIMESTAMPTZ(3) NOT NULL,
    "declared_by" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "end_reason" TEXT,

    CONSTRAINT "phase_declaration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "closure" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "facility_id" UUID NOT NULL,
    "department" "Department" NOT NULL,
    "urgencies" "Urgency"[],
    "reason" TEXT NOT NULL,
    "hazard" "Hazard",
    "closed_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_by" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "reopened_at" TIMESTAMPTZ(3),
    "reopened_by" TEXT,
    "overridden_at" TIMESTAMPTZ(3),
    "overridden_by" TEXT,
    "override_reason" TEXT,
    "end_told" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "closure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "care_level_declaration" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "facility_id" UUID NOT NULL,
    "level" "CareLevel" NOT NULL,
    "reason" TEXT NOT NULL,
    "declared_at" TIMESTAMPTZ(3) NOT NULL,
    "declared_by" TEXT NOT NULL,

    CONSTRAINT "care_level_declaration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "capability_declaration" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "facility_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "method" "Method" NOT NULL,
    "trauma_level" "TraumaLevel",
    "capabilities" "Capability"[],
    "declared_at" TIMESTAMPTZ(3) NOT NULL,
    "declared_by" TEXT NOT NULL,

    CONSTRAINT "capability_declaration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "intake_declaration" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "facility_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "method" "Method" NOT NULL,
    "assumption" TEXT,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "valid_until" TIMESTAMPTZ(3) NOT NULL,
    "declared_at" TIMESTAMPTZ(3) NOT NULL,
    "declared_by" TEXT NOT NULL,

    CONSTRAINT "intake_declaration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "intake_number" (
    "declaration_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "category" "TriageCategory" NOT NULL,
    "weekdays" "Weekday"[],
    "from_minute" INTEGER NOT NULL,
    "to_minute" INTEGER NOT NULL,
    "immediate" INTEGER NOT NULL,
    "after_alarm_plan" INTEGER NOT NULL,
    "per_hour" INTEGER NOT NULL,

    CONSTRAINT "intake_number_pkey" PRIMARY KEY ("declaration_id","position")
);

-- CreateTable
CREATE TABLE "alarm_plan" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "facility_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "activated_at" TIMESTAMPTZ(3) NOT NULL,
    "activated_by" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "end_told" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "alarm_plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hold" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "facility_id" UUID NOT NULL,
    "category" "BedCategory" NOT NULL,
    "count" INTEGER NOT NULL,
    "remaining" INTEGER NOT NULL,
    "counts_from" "Phase" NOT NULL,
    "reason" TEXT NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "placed_by" TEXT NOT NULL,

    CONSTRAINT "hold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hold_release" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "hold_id" UUID NOT NULL,
    "count" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "released_at" TIMESTAMPTZ(3) NOT NULL,
    "released_by" TEXT NOT NULL,

    CONSTRAINT "hold_release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" "ReservationKind" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation_item" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "reservation_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "facility_id" UUID NOT NULL,
    "category" "BedCategory",
    "intake" "TriageCategory",
    "requested" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "confirmed_by" TEXT,
    "redeemed_at" TIMESTAMPTZ(3),
    "redeemed_by" TEXT,
    "released_at" TIMESTAMPTZ(3),
    "released_by" TEXT,
    "settled" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "reservation_item_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "phase_declaration_area_ended_at_idx" ON "phase_declaration"("area", "ended_at");

-- CreateIndex
CREATE INDEX "closure_facility_id_until_idx" ON "closure"("facility_id", "until");

-- CreateIndex
CREATE INDEX "care_level_declaration_facility_id_declared_at_idx" ON "care_level_declaration"("facility_id", "declared_at" DESC);

-- CreateIndex
CREATE INDEX "capability_declaration_facility_id_declared_at_idx" ON "capability_declaration"("facility_id", "declared_at" DESC);

-- CreateIndex
CREATE INDEX "intake_declaration_facility_id_valid_until_idx" ON "intake_declaration"("facility_id", "valid_until");

-- CreateIndex
CREATE INDEX "alarm_plan_facility_id_until_idx" ON "alarm_plan"("facility_id", "until");

-- CreateIndex
CREATE INDEX "hold_facility_id_category_idx" ON "hold"("facility_id", "category");

-- CreateIndex
CREATE INDEX "hold_release_hold_id_idx" ON "hold_release"("hold_id");

-- CreateIndex
CREATE INDEX "reservation_created_at_id_idx" ON "reservation"("created_at", "id");

-- CreateIndex
CREATE INDEX "reservation_item_facility_id_reservation_id_idx" ON "reservation_item"("facility_id", "reservation_id");

-- CreateIndex
CREATE UNIQUE INDEX "reservation_item_reservation_id_position_key" ON "reservation_item"("reservation_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "facility_declared_id_key" ON "facility"("declared_id");

-- AddForeignKey
ALTER TABLE "facility" ADD CONSTRAINT "facility_declared_id_fkey" FOREIGN KEY ("declared_id") REFERENCES "capability_declaration"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "closure" ADD CONSTRAINT "closure_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "care_level_declaration" ADD CONSTRAINT "care_level_declaration_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "capability_declaration" ADD CONSTRAINT "capability_declaration_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "intake_declaration" ADD CONSTRAINT "intake_declaration_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "intake_number" ADD CONSTRAINT "intake_number_declaration_id_fkey" FOREIGN KEY ("declaration_id") REFERENCES "intake_declaration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alarm_plan" ADD CONSTRAINT "alarm_plan_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "hold" ADD CONSTRAINT "hold_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "hold_release" ADD CONSTRAINT "hold_release_hold_id_fkey" FOREIGN KEY ("hold_id") REFERENCES "hold"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation_item" ADD CONSTRAINT "reservation_item_reservation_id_fkey" FOREIGN KEY ("reservation_id") REFERENCES "reservation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation_item" ADD CONSTRAINT "reservation_item_facility_id_fkey" FOREIGN KEY ("facility_id") REFERENCES "facility"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- An item names either a category of beds or a Sichtungskategorie, and never gives more than was asked for.
ALTER TABLE "reservation_item"
  ADD CONSTRAINT "reservation_item_names_one" CHECK (num_nonnulls("category", "intake") = 1),
  ADD CONSTRAINT "reservation_item_count" CHECK ("count" BETWEEN 0 AND "requested" AND "requested" > 0);

ALTER TABLE "hold" ADD CONSTRAINT "hold_remaining" CHECK ("remaining" BETWEEN 0 AND "count" AND "count" > 0);

-- What may still count is found by facility, however many reservations are stored.
CREATE INDEX "reservation_item_counting" ON "reservation_item"("facility_id") WHERE NOT "settled";
-- What the clock may end, and arrivals that no report counts yet.
CREATE INDEX "reservation_item_lapsing" ON "reservation_item"("expires_at") WHERE NOT "settled" AND "redeemed_at" IS NULL;
CREATE INDEX "reservation_item_arrived" ON "reservation_item"("redeemed_at")
  WHERE NOT "settled" AND "redeemed_at" IS NOT NULL;
CREATE INDEX "hold_counting" ON "hold"("facility_id") WHERE "remaining" > 0;
CREATE INDEX "closure_untold" ON "closure"("until") WHERE NOT "end_told";
CREATE INDEX "alarm_plan_not_told" ON "alarm_plan"("until") WHERE NOT "end_told";

-- The same phase is not in force twice for the same area and hazard.
CREATE UNIQUE INDEX "phase_declaration_in_force" ON "phase_declaration"("area", "phase", "hazard")
  WHERE "ended_at" IS NULL;

-- The areas that a Kreis lies in, itself included: a declaration is looked up by them, however many were ever made.
CREATE FUNCTION areas_around(kreis TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ARRAY['', left(kreis, 2), left(kreis, 3), kreis];

-- The strictest phase in force at a place in this Kreis: of what was declared for an area around it. What is declared and
-- not ended is in force for whoever reads it: an instant taken before the reading could lie before a declaration whose
-- event the reader's cursor has passed already.
CREATE FUNCTION phase_at(kreis TEXT) RETURNS "Phase" LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT COALESCE(max(p.phase), 'EVERYDAY') FROM "phase_declaration" p
  WHERE p.area = ANY (areas_around(kreis)) AND p.ended_at IS NULL
$$;

-- The report in force per facility and category at a moment, with what is claimed of the beds and what follows from it:
-- the one place where this is decided for reading. The house's own report wins while it is fresh; otherwise the newest,
-- whoever made it.
--
-- reserved: given places whose time has not run out, neither redeemed nor released.
-- occupied: as reported, and whoever was redeemed since, because the report cannot know of him; since it was received, where
--           the house's clock runs ahead.
-- held:     what hubs hold back and have not released, while the area's phase is below the one it counts from.
--
-- One text makes four functions, so that each filter stands at the tables themselves: beds_at(moment) for all facilities,
-- beds_of(facilities, moment) for some, which costs the same however many there are in all,
-- beds_of(facilities, categories, moment) for some of their categories, and beds_of_one(facility, moment), whose plan is the
-- same for any facility and so is kept: planning takes longer than the look-up.
--
-- What is summed is MATERIALIZED: before a table is analyzed PostgreSQL takes it for empty and would sum anew for each row.
DROP FUNCTION beds_at(TIMESTAMPTZ);

DO $make$
DECLARE
  named CONSTANT TEXT[] := ARRAY[
    'beds_at(', 'beds_of(facilities UUID[], ', 'beds_of(facilities UUID[], categories "BedCategory"[], ',
    'beds_of_one(facility UUID, '
  ];
  which CONSTANT TEXT[] := ARRAY[
    'true', '%1$s.facility_id = ANY (facilities)',
    '%1$s.facility_id = ANY (facilities) AND %1$s.category = ANY (categories)',
    '%1$s.facility_id = facility'
  ];
BEGIN
  FOR n IN 1..4 LOOP
    EXECUTE format(
      $function$
        CREATE FUNCTION %smoment TIMESTAMPTZ) RETURNS TABLE (
          facility_id UUID, category "BedCategory", tier "ReportTier", operable INT, occupied INT, reserved INT,
          blocked INT, held INT, free INT, overcommitted INT, status "BedStatus", limitations "Limitation"[],
          stale_at TIMESTAMPTZ, stale BOOLEAN, source TEXT, method "Method", observed_at TIMESTAMPTZ,
          received_at TIMESTAMPTZ, late BOOLEAN
        ) LANGUAGE sql STABLE ROWS 3000 AS $body$
          WITH in_force AS MATERIALIZED (
            SELECT DISTINCT ON (b.facility_id, b.category) b.*
            FROM "bed" b WHERE %s
            ORDER BY b.facility_id, b.category, (b.tier = 'OWN' AND b.stale_at > moment) DESC, b.observed_at DESC, b.tier
          ), given AS MATERIALIZED (
            SELECT i.facility_id, i.category,
              sum(i.count) FILTER (WHERE i.redeemed_at IS NULL AND i.released_at IS NULL AND i.expires_at > moment)
                AS reserved,
              sum(i.count) FILTER (WHERE i.redeemed_at > LEAST(f.observed_at, f.received_at)) AS redeemed
            FROM "reservation_item" i
            JOIN in_force f ON f.facility_id = i.facility_id AND f.category = i.category
            WHERE NOT i.settled AND %s
            GROUP BY i.facility_id, i.category
          ), holding AS MATERIALIZED (
            SELECT h.facility_id, h.category, h.remaining, h.counts_from, f.area
            FROM "hold" h JOIN "facility" f ON f.id = h.facility_id
            WHERE h.remaining > 0 AND %s
          ), kept AS MATERIALIZED (
            -- The phase is found once for each Kreis, not for each hold.
            SELECT h.facility_id, h.category, sum(h.remaining) AS held
            FROM holding h JOIN (SELECT area, phase_at(area) AS phase FROM holding GROUP BY area) p USING (area)
            WHERE h.counts_from > p.phase
            GROUP BY h.facility_id, h.category
          ), claimed AS (
            SELECT f.*, f.occupied + COALESCE(g.redeemed, 0)::int AS taken, COALESCE(g.reserved, 0)::int AS reserved,
              COALESCE(k.held, 0)::int AS held
            FROM in_force f
            LEFT JOIN given g ON g.facility_id = f.facility_id AND g.category = f.category
            LEFT JOIN kept k ON k.facility_id = f.facility_id AND k.category = f.category
          )
          SELECT c.facility_id, c.category, c.tier, c.operable, c.taken, c.reserved, c.blocked, c.held,
            CASE WHEN c.operable IS NOT NULL
              THEN GREATEST(0, c.operable - c.taken - c.reserved - c.blocked - c.held) END,
            CASE WHEN c.operable IS NOT NULL
              THEN GREATEST(0, c.taken + c.reserved + c.blocked + c.held - c.operable) END,
            c.status, c.limitations, c.stale_at, c.stale_at <= moment,
            c.source, c.method, c.observed_at, c.received_at, c.late
          FROM claimed c
        $body$
      $function$,
      named[n], format(which[n], 'b'), format(which[n], 'i'), format(which[n], 'h')
    );
  END LOOP;
END $make$;
