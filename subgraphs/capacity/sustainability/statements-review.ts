import { omit, selectionOf } from '../../../shared/database/index.js';
import { publishing } from '../../../shared/outbox/index.js';
import { sustainabilityOverrideColumns } from '../generated/columns.js';
import { CONCERNED_TAGS, concernedBy } from './statements.js';

/** An override as it is shown: without the persons. */
export const OVERRIDE = omit(
  sustainabilityOverrideColumns,
  ...(['placedBy', 'replacedAt', 'endPublished'] as const),
);
const SHOWN = `${selectionOf(OVERRIDE, 'o')}, f.area`;

export const OVERRIDES_BY_ID = `
SELECT ${SHOWN} FROM sustainability_override o JOIN facility f ON f.id = o.facility_id WHERE o.id = ANY($1::uuid[])`;

/** The overrides of facilities $1 in force at $2. */
export const OVERRIDES_OF = `
SELECT ${SHOWN} FROM sustainability_override o JOIN facility f ON f.id = o.facility_id
WHERE o.facility_id = ANY($1::uuid[]) AND o.replaced_at IS NULL AND o.until > $2 ORDER BY o.placed_at DESC, o.id`;

/** The categories of facility $1 that cause $2 limits. */
export const LIMITED_CATEGORIES = `
SELECT category FROM sustainable_beds
WHERE facility_id = $1 AND cause = $2::"SustainabilityCause" AND NOT modelled AND beds IS NOT NULL ORDER BY category`;

/** Ends the override of cause $2 in facility $1 at $3, because another one replaces it. */
export const REPLACE_OVERRIDE = `
UPDATE sustainability_override SET replaced_at = $3::timestamptz
WHERE facility_id = $1 AND cause = $2::"SustainabilityCause" AND replaced_at IS NULL`;

/** Sets cause $2 of facility $1 aside at $3 until $4 for the reason $5, by $6. */
export const STORE_OVERRIDE = `
INSERT INTO sustainability_override (facility_id, cause, placed_at, until, reason, placed_by)
VALUES ($1, $2::"SustainabilityCause", $3::timestamptz, $4, $5, $6) RETURNING id`;

/**
 * Limits that need a person at $1, modelled ones only where a person is concerned with them and no other limits the facility by this cause, one row for each facility and cause: in the area $2, of facilities ($3) and areas ($4) whose hours the
 * caller may know, from behind the hour $5 and the id $6 on, $7 at most. The last day is that of which falls are listed.
 */
export const TO_REVIEW = `
WITH limits AS (
  SELECT d.*, NOT d.modelled AND is_left_out(d.left_out, d.from_at, $1) AS is_near, f.area
  FROM sustainable_beds d JOIN facility f ON f.id = d.facility_id
  WHERE d.beds IS NOT NULL AND starts_with(f.area, $2)
    AND (NOT d.modelled OR cardinality(d.concerns) > 0 AND NOT EXISTS (
      SELECT FROM sustainable_beds o WHERE o.facility_id = d.facility_id AND o.cause = d.cause AND NOT o.modelled AND o.beds IS NOT NULL))
    AND (f.id = ANY ($3::uuid[]) OR EXISTS (SELECT FROM unnest($4::text[]) AS a WHERE starts_with(f.area, a)))
), causes AS (
  SELECT l.facility_id, l.cause, min(l.from_at) AS from_at, min(l.until) AS until,
    array_agg(l.category::text ORDER BY l.from_at, l.category) AS categories,
    max(l.fell_at) FILTER (WHERE l.fell_at > $1::timestamptz - '24 hours'::interval) AS fell_at,
    bool_or(l.until <= $1 AND NOT l.modelled) AS is_not_renewed, bool_or(l.is_near AND l.beds = 0) AS is_near
  FROM limits l GROUP BY l.facility_id, l.cause
), concerned AS (
  SELECT l.facility_id, l.cause, array_agg(DISTINCT concern::text) AS concerns
  FROM limits l CROSS JOIN LATERAL unnest(l.concerns) AS concern GROUP BY l.facility_id, l.cause
), judged AS (
  SELECT c.*, c.facility_id || ':' || c.cause AS id, o.id AS override_id,
    array_remove(ARRAY[
      CASE WHEN c.is_not_renewed THEN 'NOT_RENEWED' END,
      CASE WHEN c.fell_at IS NOT NULL AND o.id IS NULL THEN 'SUDDEN_FALL' END,
      CASE WHEN o.until <= $1::timestamptz + '1 hour'::interval THEN 'OVERRIDE_ENDS_SOON' END,
      CASE WHEN c.is_near AND o.id IS NULL THEN 'FAILS_SOON' END], NULL)
      || CASE WHEN o.id IS NULL THEN COALESCE(w.concerns, '{}') ELSE '{}' END AS reasons
  FROM causes c LEFT JOIN concerned w USING (facility_id, cause)
  LEFT JOIN sustainability_override o
    ON o.facility_id = c.facility_id AND o.cause = c.cause AND o.replaced_at IS NULL AND o.until > $1
)
SELECT j.id, j.facility_id AS "facilityId", j.cause, j.categories, j.from_at AS "from", j.until, j.fell_at AS "fellAt",
  j.override_id AS "overrideId", j.reasons,
  (SELECT COALESCE(sum(b.reserved), 0)::int FROM beds_of(ARRAY[j.facility_id], j.categories::"BedCategory"[], $1) b
   WHERE b.category = ANY (j.categories::"BedCategory"[])) AS "reservedBeds",
  (SELECT COALESCE(sum(i.count), 0)::int FROM reservation_item i
   WHERE i.facility_id = j.facility_id AND i.intake IS NOT NULL AND NOT i.settled AND i.redeemed_at IS NULL
     AND i.expires_at > $1) AS "reservedIntake"
FROM judged j
WHERE cardinality(j.reasons) > 0 AND ($5::timestamptz IS NULL OR (j.from_at, j.id) > ($5::timestamptz, $6::text))
ORDER BY j.from_at, j.id LIMIT $7`;

/**
 * Publishes changes by the clock up to $1 that were not published yet: beds that are so near their hour of failure that nobody is
 * sent there, those that failed, and overrides that ended, for all; declarations that nobody renewed, for those who may know the hour.
 * Rows that somebody else is changing are left to the next tick.
 */
export const PUBLISH_BY_CLOCK = `
WITH due AS (
  SELECT facility_id, category, cause FROM sustainable_beds
  WHERE NOT modelled AND beds IS NOT NULL AND NOT effect_published
    AND (from_at <= $1 OR (NOT near_published AND is_left_out(left_out, from_at, $1)))
  ORDER BY facility_id, category, cause FOR UPDATE SKIP LOCKED
), passed AS (
  UPDATE sustainable_beds d SET near_published = true, effect_published = d.from_at <= $1 FROM due
  WHERE NOT d.modelled AND d.facility_id = due.facility_id AND d.category = due.category AND d.cause = due.cause
  RETURNING d.facility_id, d.category
), ending AS (
  SELECT id FROM sustainability_override WHERE until <= $1 AND replaced_at IS NULL AND NOT end_published
  ORDER BY id FOR UPDATE SKIP LOCKED
), ended AS (
  UPDATE sustainability_override o SET end_published = true FROM ending WHERE o.id = ending.id RETURNING o.facility_id, o.cause
), changed AS (
  SELECT facility_id, category FROM passed
  UNION
  SELECT d.facility_id, d.category FROM ended e
  JOIN sustainable_beds d ON d.facility_id = e.facility_id AND d.cause = e.cause AND NOT d.modelled AND d.beds IS NOT NULL
)
${publishing(`
SELECT 'capacity.sustainable-beds-changed', f.id::text, f.area, c.tags, $1::timestamptz
FROM (
  SELECT facility_id, ${CONCERNED_TAGS} AS tags FROM changed CROSS JOIN LATERAL ${concernedBy('changed')} GROUP BY facility_id
) c JOIN facility f ON f.id = c.facility_id ORDER BY f.id`)}`;

export const PUBLISH_NOT_RENEWED = `
WITH due AS (
  SELECT facility_id, category, cause FROM sustainable_beds
  WHERE NOT modelled AND beds IS NOT NULL AND NOT unrenewed_published AND until <= $1
  ORDER BY facility_id, category, cause FOR UPDATE SKIP LOCKED
), late AS (
  UPDATE sustainable_beds d SET unrenewed_published = true FROM due
  WHERE NOT d.modelled AND d.facility_id = due.facility_id AND d.category = due.category AND d.cause = due.cause
  RETURNING d.facility_id, d.category
)
${publishing(`
SELECT 'capacity.sustainability-recorded', f.id::text, f.area, c.tags, $1::timestamptz
FROM (
  SELECT facility_id, ${CONCERNED_TAGS} AS tags FROM late CROSS JOIN LATERAL ${concernedBy('late')} GROUP BY facility_id
) c JOIN facility f ON f.id = c.facility_id ORDER BY f.id`)}`;
