/**
 * Numbers of staff by facility and group. $1 and $2 are kinds and ranks of the commitments that bind in everyday work, $3 and $4 those
 * that bind in the phase, $5 the instant, $6 an AGS prefix, $7 facilities, or null for all; $8 and $9 those that bind in the phase without
 * the confidential kind.
 *
 * An employment is rostered; of a person with two at one facility and in one group it is one. `everyday` counts those who are effective
 * there in everyday work, `effective` in the phase; `confidential` counts those whom only the confidential kind takes.
 */
export const STAFF_BY_FACILITY = `
WITH everyday AS (SELECT * FROM binding_commitments($1, $2, $5)),
in_phase AS (SELECT * FROM binding_commitments($3, $4, $5)),
open AS (SELECT * FROM binding_commitments($8, $9, $5)),
bound AS (
  SELECT p.person FROM commitment c JOIN professional p ON p.id = c.professional_id
  WHERE c.valid_from <= $5 AND (c.valid_until IS NULL OR c.valid_until > $5) AND c.ended_at IS NULL AND p.withdrawn_at IS NULL
  GROUP BY p.person HAVING count(DISTINCT (c.kind, c.facility_id, c.organisation_id)) > 1
),
unconfirmed AS (
  SELECT a.person FROM possible_duplicate d
  JOIN professional a ON a.id = d.a AND a.withdrawn_at IS NULL JOIN professional b ON b.id = d.b AND b.withdrawn_at IS NULL
  WHERE d.is_same IS NULL
),
posts AS (
  SELECT e.facility, e.staff_group, e.person, bool_or(e.wins) AS everyday, bool_or(i.wins) AS effective, bool_or(n.wins) AS open,
    bool_and(p.method = 'MODELLED') AS modelled
  FROM everyday e
  JOIN in_phase i ON i.commitment = e.commitment
  JOIN open n ON n.commitment = e.commitment
  JOIN commitment c ON c.id = e.commitment
  JOIN professional p ON p.id = c.professional_id
  WHERE e.facility IS NOT NULL AND ($7::uuid[] IS NULL OR e.facility = ANY ($7))
  GROUP BY e.facility, e.staff_group, e.person
)
SELECT f.id AS facility, f.area, o.staff_group AS "group",
  count(*)::int AS rostered,
  count(*) FILTER (WHERE o.person IN (SELECT person FROM bound))::int AS "doublyCommitted",
  count(*) FILTER (WHERE o.everyday)::int AS everyday,
  count(*) FILTER (WHERE o.effective)::int AS effective,
  count(*) FILTER (WHERE o.everyday AND NOT o.effective)::int AS withdrawable,
  count(*) FILTER (WHERE o.everyday AND o.open AND NOT o.effective)::int AS confidential,
  count(*) FILTER (WHERE o.modelled)::int AS modelled,
  count(*) FILTER (WHERE o.person IN (SELECT person FROM unconfirmed))::int AS unconfirmed
FROM posts o JOIN facility f ON f.id = o.facility
WHERE starts_with(f.area, $6)
GROUP BY f.id, f.area, o.staff_group
ORDER BY f.id, o.staff_group`;

/** $1 facilities. */
export const OPERABLE_BEDS = `
SELECT b.facility_id AS facility, b.category, b.operable FROM operable_beds b WHERE b.facility_id = ANY ($1::uuid[])
ORDER BY b.facility_id, b.category`;
