import { selectionOf } from '../../../shared/database/index.js';
import { bedReportColumns } from '../generated/columns.js';
import { NUMBERS } from './rules.js';

/**
 * Of each of the beds ($1 facilities, $2 categories) the newest report of each source, of what was observed after $3 or at
 * the instant $4 of the report in force: one range of the key. A source that models and reports speaks twice.
 */
export const NEWEST_OF_SOURCES = `
SELECT * FROM (
  SELECT DISTINCT ON (k.ordinality, r.source, r.method = 'MODELLED')
    (k.ordinality - 1)::int AS "position", ${selectionOf(bedReportColumns, 'r')}
  FROM unnest($1::uuid[], $2::"BedCategory"[], $3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY
    AS k (facility_id, category, fresh_since, in_force_at, ordinality)
  JOIN bed_report r ON r.facility_id = k.facility_id AND r.category = k.category
    AND r.observed_at >= LEAST(k.fresh_since, k.in_force_at)
  ORDER BY k.ordinality, r.source, r.method = 'MODELLED', r.observed_at DESC
) newest ORDER BY "position", "observedAt" DESC, "receivedAt", source`;

/**
 * Beds in the area $1 of which the newest fresh reports of several sources state different numbers. $2 and $3: since when a
 * report of each category is fresh; $4: whether models are queried; the page begins behind ($5, $6) and has $7 entries.
 */
export const DISAGREEMENTS = `
WITH fresh AS (SELECT * FROM unnest($2::"BedCategory"[], $3::timestamptz[]) AS k (category, since)),
beds AS (
  SELECT DISTINCT b.facility_id, b.category, fresh.since, (extract(epoch FROM f.created_at) * 1000)::float8 AS value,
    (f.id::text || ' ' || b.category::text) COLLATE "C" AS id
  FROM facility f JOIN bed b ON b.facility_id = f.id JOIN fresh ON fresh.category = b.category
  WHERE starts_with(f.area, $1) AND b.observed_at > fresh.since
)
SELECT b.facility_id AS "facilityId", b.category, b.value, b.id FROM beds b
WHERE (b.value, b.id) > ($5::float8, $6::text COLLATE "C") AND (
  SELECT count(DISTINCT (${NUMBERS.map((number) => `s.${number}`).join(', ')})) FROM (
    SELECT DISTINCT ON (r.source, r.method = 'MODELLED') ${NUMBERS.map((number) => `r.${number}`).join(', ')}
    FROM bed_report r
    WHERE r.facility_id = b.facility_id AND r.category = b.category AND r.observed_at > b.since
      AND ($4 OR r.method <> 'MODELLED')
    ORDER BY r.source, r.method = 'MODELLED', r.observed_at DESC
  ) s WHERE s.operable IS NOT NULL
) > 1
ORDER BY b.value, b.id LIMIT $7`;
