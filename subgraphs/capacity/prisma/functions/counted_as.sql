-- Rule: what is reserved or held in a category whose beds are left out counts in the category that stands for it; see beds_at.
-- The last three arguments are a row of shares_of, null where the facility has no modelled share, or reports no level itself.
-- Tests: subgraphs/capacity/beds/shares.test.ts
CREATE OR REPLACE FUNCTION counted_as(
  category "BedCategory", replaced BOOLEAN, stand_in "BedCategory", without_children BOOLEAN
)
RETURNS "BedCategory" LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE
  WHEN replaced IS NULL THEN category
  WHEN replaced THEN CASE WHEN category = 'ICU_UNSPECIFIED' THEN stand_in ELSE category END
  WHEN category IN ('ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO') THEN 'ICU_UNSPECIFIED'
  WHEN category = 'PAEDIATRIC_ICU' AND NOT without_children THEN 'ICU_UNSPECIFIED'
  ELSE category
END;
