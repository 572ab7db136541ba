-- AlterTable
ALTER TABLE "bed_limit" ADD COLUMN "beds" JSONB NOT NULL DEFAULT '[]';

-- Declarations before this one were of lifelines, which limit all beds of their categories.
UPDATE "bed_limit" l SET "beds" = (
  SELECT jsonb_agg(jsonb_build_object('category', category, 'beds', 0, 'from', l."from_at"))
  FROM unnest(
    CASE WHEN l."cause" = 'BLOOD' THEN ARRAY['ECMO', 'BURN'] ELSE
      CASE WHEN l."cause" = 'FOOD' THEN '{}' ELSE
        ARRAY['ICU_UNSPECIFIED', 'ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO', 'INTERMEDIATE_CARE', 'PAEDIATRIC_ICU', 'NEONATAL_ICU', 'BURN'] END
      || CASE WHEN l."cause" IN ('POWER', 'WATER', 'HEAT', 'FOOD')
        THEN ARRAY['NORMAL_WARD', 'ISOLATION', 'PSYCHIATRY', 'REHABILITATION'] ELSE '{}' END
    END
  ) AS category
) WHERE l."from_at" IS NOT NULL;
