/** Selects the remaining beds of some categories ($2) in facilities ($1) at an instant ($3). */
export const BEDS_LEFT = `
SELECT facility_id AS facility, category, free, stale, is_stand_in AS "isStandIn",
  is_unsustained AS "isUnsustained"
FROM beds_of($1::uuid[], $2::"BedCategory"[], $3)`;
/** Selects the remaining beds of one facility: most calls name one only, and its plan is kept. */
export const BEDS_LEFT_OF_ONE = `
SELECT facility_id AS facility, category, free, stale, is_stand_in AS "isStandIn",
  is_unsustained AS "isUnsustained" FROM beds_of_one($1, $3)
WHERE category = ANY($2::"BedCategory"[]) OR is_stand_in AND 'ICU_UNSPECIFIED' = ANY($2::"BedCategory"[])`;

/**
 * Keeps slots: $1 kind, $2 the instant, $3 by whom, $4 until when, $5 to $9 the columns of the items, $10 where the patients
 * come from, $11 whether the Single Points of Contact approve. An item that got nothing is kept to answer for, and never
 * counts.
 */
export const INSERT_RESERVATION = `
WITH made AS (
  INSERT INTO reservation (kind, created_at, created_by, origin_area, approved_by_spoc)
  VALUES ($1::"ReservationKind", $2, $3, $10, $11) RETURNING id
), items AS (
  INSERT INTO reservation_item (reservation_id, position, facility_id, category, intake, requested, count, expires_at,
                                settled)
  SELECT made.id, w.number - 1, w.facility_id, w.category, w.intake, w.requested, w.count, $4, w.count = 0
  FROM made, unnest($5::uuid[], $6::"BedCategory"[], $7::"TriageCategory"[], $8::int[], $9::int[])
    WITH ORDINALITY AS w (facility_id, category, intake, requested, count, number)
)
SELECT id FROM made`;
