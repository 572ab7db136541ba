import { publishing, tagSql } from '../../../shared/outbox/index.js';
import {
  namesOf,
  omit,
  overwritesOf,
  recordsOf,
  selectionOf,
} from '../../../shared/database/index.js';
import { bedColumns, bedReportColumns } from '../generated/columns.js';
import { ACCEPTED, OF_FUNCTION, OF_REPORT, REPORT_KEY, STATED } from './columns.js';

const ICU_LEVELS_AND_CHILDREN = `'{ICU_LOW_CARE,ICU_HIGH_CARE,ECMO,PAEDIATRIC_ICU}'::"BedCategory"[]`;

/**
 * The tags of an event of facility `f`: the categories that changed, and where it has a modelled share of intensive care also
 * the share when a level of it changed, and the levels when the share did. Each decides whether the other is in force.
 */
const tagsOf = (changed: string) => `(
  SELECT array_agg(DISTINCT ${tagSql('category', 't.category')}) FROM (
    SELECT unnest(${changed}) AS category
    UNION ALL
    SELECT other.category FROM bed share JOIN bed other ON other.facility_id = share.facility_id
    WHERE share.facility_id = f.id AND share.category = 'ICU_UNSPECIFIED' AND share.tier = 'MODELLED' AND (
      other.category = 'ICU_UNSPECIFIED' AND ${changed} && ${ICU_LEVELS_AND_CHILDREN}
      OR other.category = ANY (${ICU_LEVELS_AND_CHILDREN}) AND 'ICU_UNSPECIFIED' = ANY (${changed})
    )
  ) t
)`;

/** Every category of facilities ($1) at an instant ($2), in the order of the schema. */
export const BEDS_IN_FORCE = `
SELECT ${selectionOf(OF_FUNCTION, 'b')}, ${selectionOf(OF_REPORT, '(b.report)')}, b.reserved, b.held, b.free,
  b.overcommitted, b.stale
FROM beds_of($1::uuid[], $2) b ORDER BY b.facility_id, b.category`;

/** Selects the numbers stored under the keys of reports; the parameters are `recordValues` of REPORT_KEY. */
export const STORED_UNDER_KEYS = `
SELECT ${selectionOf({ ...REPORT_KEY, ...STATED }, 'r')}
FROM bed_report r JOIN ${recordsOf(REPORT_KEY, 1)} AS repeated USING (${namesOf(REPORT_KEY)})`;

const WRITTEN = omit(bedColumns, 'stalenessTold');

/**
 * Stores accepted reports set by set, in one statement and so in one transaction: history, present state, events.
 *
 * - A report whose key is known already is skipped: repeating changes nothing.
 * - An older report joins the history and overwrites nothing. Reports of one source follow one clock; between two sources a
 *   report counts as observed when it was received, at the latest: a clock that runs ahead outranks nobody.
 * - A modelled number behind a facility's own fresh one changes nothing that anyone sees, so no event is sent; nor of a modelled
 *   share that a fresh report of a level of intensive care replaces.
 * - Rows are written in one order everywhere, so that two calls never wait for each other in a circle.
 *
 * $1 is when the reports were received; the parameters from $2 on are `recordValues` of the reports. Returns the keys that
 * were new.
 */
export const STORE_REPORTS = `
WITH given AS (SELECT *, $1::timestamptz AS received_at FROM ${recordsOf(ACCEPTED, 2)} AS reports
), stored AS (
  INSERT INTO bed_report (${namesOf(bedReportColumns)})
  SELECT ${namesOf(bedReportColumns)} FROM given ORDER BY facility_id, category, source, observed_at, ordinality
  ON CONFLICT DO NOTHING
  RETURNING ${namesOf(REPORT_KEY)}
), newest AS (
  SELECT DISTINCT ON (facility_id, category, tier) given.*
  FROM given JOIN stored USING (${namesOf(REPORT_KEY)})
  ORDER BY facility_id, category, tier, observed_at DESC, ordinality
), changed AS (
  INSERT INTO bed (${namesOf(WRITTEN)})
  SELECT ${namesOf(WRITTEN)} FROM newest ORDER BY facility_id, category, tier
  ON CONFLICT (facility_id, category, tier) DO UPDATE SET
    ${overwritesOf(omit(WRITTEN, 'facilityId', 'category', 'tier', 'late'))}, staleness_told = false,
    -- Of the reports after the deadline only the first of its day is late.
    late = excluded.late AND bed.received_at
      < date_trunc('day', excluded.received_at AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin'
  WHERE CASE WHEN bed.source = excluded.source THEN bed.observed_at < excluded.observed_at
    ELSE LEAST(bed.observed_at, bed.received_at) < LEAST(excluded.observed_at, excluded.received_at) END
  RETURNING facility_id, category, tier
), published AS (
${publishing(`
  SELECT 'capacity.beds-reported', f.id::text, f.area, ${tagsOf('c.categories')}, $1::timestamptz
  FROM (
    SELECT facility_id, array_agg(DISTINCT category) AS categories FROM changed c
    WHERE c.tier = 'OWN' OR NOT EXISTS (
      SELECT FROM bed own
      WHERE own.facility_id = c.facility_id AND own.tier = 'OWN' AND own.stale_at > $1 AND (
        own.category = c.category
        OR c.category = 'ICU_UNSPECIFIED' AND own.category IN ('ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO')
          AND own.operable IS NOT NULL
      )
    )
    GROUP BY facility_id
  ) c JOIN facility f ON f.id = c.facility_id
  ORDER BY f.id`)}
)
SELECT ${selectionOf(REPORT_KEY, 'stored')} FROM stored`;

/**
 * Publishes numbers that went stale by $1 and were not published yet. A row that a report is just changing
 * is left to the next tick, so that the two never wait for each other in a circle.
 */
export const PUBLISH_STALENESS = `
WITH due AS (
  SELECT facility_id, category, tier FROM bed WHERE stale_at <= $1 AND NOT staleness_told
  ORDER BY facility_id, category, tier FOR UPDATE SKIP LOCKED
), outdated AS (
  UPDATE bed SET staleness_told = true FROM due
  WHERE bed.facility_id = due.facility_id AND bed.category = due.category AND bed.tier = due.tier
  RETURNING bed.facility_id, bed.category
)
${publishing(`
SELECT 'capacity.beds-went-stale', f.id::text, f.area, ${tagsOf('g.categories')}, $1::timestamptz
FROM (SELECT facility_id, array_agg(DISTINCT category) AS categories FROM outdated GROUP BY facility_id) g
JOIN facility f ON f.id = g.facility_id
ORDER BY f.id`)}`;
