import {
  namesOf,
  omit,
  overwritesOf,
  pick,
  recordsOf,
  selectionOf,
} from '../../../shared/database/index.js';
import { publishing, tagSql } from '../../../shared/outbox/index.js';
import { sustainabilityDeclarationColumns, sustainableBedsColumns } from '../generated/columns.js';

/** Identify a declaration: repeating one under the same key changes nothing. */
export const DECLARATION_KEY = pick(
  sustainabilityDeclarationColumns,
  ...(['facilityId', 'category', 'cause', 'observedAt', 'source'] as const),
);

/** A declaration before it is received: the rows that STORE_DECLARATIONS is given. */
export const DECLARED = omit(sustainabilityDeclarationColumns, 'receivedAt');

/** Selects what is stored under the keys of declarations; the parameters are `recordValues` of DECLARATION_KEY. */
export const DECLARED_UNDER_KEYS = `
SELECT ${selectionOf(DECLARED, 'd')}
FROM sustainability_declaration d JOIN ${recordsOf(DECLARATION_KEY, 1)} AS repeated USING (${namesOf(DECLARATION_KEY)})`;

/** Columns that the clock decides when a row is written. */
const CLOCKED = [
  'leftOut',
  'fellAt',
  'nearPublished',
  'effectPublished',
  'unrenewedPublished',
] as const;
const COUNTING = omit(sustainableBedsColumns, ...CLOCKED);
const KEY = ['facilityId', 'category', 'cause', 'modelled'] as const;

/** The categories that a limit of the category of `row` concerns: one of unspecified intensive care concerns each level. */
export const concernedBy = (row: string) => `unnest(
  CASE WHEN ${row}.category = 'ICU_UNSPECIFIED' THEN '{ICU_UNSPECIFIED,ICU_LOW_CARE,ICU_HIGH_CARE,ECMO}'::"BedCategory"[]
    ELSE ARRAY[${row}.category] END) AS concerned`;
/** The tags of an event of rows with the categories `concerned`. */
export const CONCERNED_TAGS = `array_agg(DISTINCT ${tagSql('category', 'concerned')})`;

/** The order of two declarations of one instant, of which the first counts: the fewer beds, then the sooner hour, the source last. */
const strictnessOf = (row: string) =>
  `(COALESCE(${row}.beds::float8, 'infinity'::float8), ${row}.from_at, ${row}.source)`;
/** How long the beds of `row` last, in seconds, as seen from when `n` was observed. */
const lastingOf = (row: string, n: string) =>
  `GREATEST(0, extract(epoch FROM ${row}.from_at - ${n}.observed_at))`;
const hasFallen = (now: string, before: string) =>
  `COALESCE(${before} > 0 AND (${now} = 0 OR ${now} < ${before} / 2.0), false)`;

/**
 * Stores accepted declarations in one statement: history, what counts, events. The caller holds the locks of the facilities, so
 * nobody else is changing their rows.
 *
 * - One whose key is known already is skipped. An older one joins the history and counts for nothing; of two of one instant
 *   the one with fewer beds counts, then the one with the sooner hour, in whatever order they arrived.
 * - A fall is sudden where the source says so, and where the number, or the time for which it lasts, is 0 or less than half of the
 *   most that was declared of the last 10 minutes. After a time without a limit only one that is in effect at once is: an hour that comes
 *   near is no fall. Nor is a first declaration. A fall is remembered until the cause limits nothing any more.
 * - An event is sent to all where what everyone sees has changed, to those who may know the hour where only the hour has; none
 *   for a mere renewal, and of a modelled number only where a person is concerned with it.
 *
 * $1 is when the declarations were received; the parameters from $2 on are `recordValues` of DECLARED.
 */
export const STORE_DECLARATIONS = `
WITH given AS (
  SELECT *, $1::timestamptz AS received_at, method = 'MODELLED' AS modelled FROM ${recordsOf(DECLARED, 2)} AS declarations
), stored AS (
  INSERT INTO sustainability_declaration (${namesOf(sustainabilityDeclarationColumns)})
  SELECT ${namesOf(sustainabilityDeclarationColumns)} FROM given ORDER BY facility_id, category, cause, observed_at, source, ordinality
  ON CONFLICT DO NOTHING
  RETURNING ${namesOf(DECLARATION_KEY)}
), newest AS (
  SELECT DISTINCT ON (facility_id, category, cause, modelled) given.*
  FROM given JOIN stored USING (${namesOf(DECLARATION_KEY)})
  ORDER BY facility_id, category, cause, modelled, observed_at DESC, beds NULLS LAST, from_at, source
), changing AS (
  SELECT n.*, old.facility_id IS NOT NULL AS is_known, old.beds AS old_beds, old.from_at AS old_from,
    COALESCE(old.beds IS NOT NULL AND is_left_out(old.left_out, old.from_at, $1), false) AS was_left_out,
    old.until AS old_until, old.fell_at AS old_fell_at, old.concerns AS old_concerns, before.beds AS before_beds, before.lasting AS before_lasting, before.unlimited AS before_unlimited
  FROM newest n
  LEFT JOIN sustainable_beds old USING (facility_id, category, cause, modelled)
  CROSS JOIN LATERAL (
    SELECT max(d.beds) AS beds, max(${lastingOf('d', 'n')}) FILTER (WHERE d.beds IS NOT NULL) AS lasting,
      COALESCE(bool_or(d.beds IS NULL), false) AS unlimited
    FROM (
      SELECT * FROM sustainability_declaration h
      WHERE h.facility_id = n.facility_id AND h.category = n.category AND h.cause = n.cause AND h.method <> 'MODELLED'
        AND h.observed_at > n.observed_at - '10 minutes'::interval AND h.observed_at < n.observed_at
      UNION ALL (
        SELECT * FROM sustainability_declaration h
        WHERE h.facility_id = n.facility_id AND h.category = n.category AND h.cause = n.cause AND h.method <> 'MODELLED'
          AND h.observed_at <= n.observed_at - '10 minutes'::interval
        ORDER BY h.observed_at DESC LIMIT 1
      )
    ) d
  ) before
  WHERE old.facility_id IS NULL OR old.observed_at < n.observed_at
    OR (old.observed_at = n.observed_at AND ${strictnessOf('n')} < ${strictnessOf('old')})
), judged AS (
  SELECT c.*, l.left_out, c.beds IS NOT NULL AND c.from_at <= $1 AS in_effect,
    c.is_known AND c.old_beds IS NOT NULL AND c.old_from <= $1 AS was_in_effect,
    c.beds IS NOT NULL AND is_left_out(l.left_out, c.from_at, $1) AS is_near,
    CASE WHEN c.beds IS NULL OR c.modelled THEN NULL
      WHEN c.sudden OR (c.before_unlimited AND c.beds = 0 AND c.from_at <= c.observed_at)
        OR ${hasFallen('c.beds', 'c.before_beds')} OR ${hasFallen(lastingOf('c', 'c'), 'c.before_lasting')}
        THEN c.observed_at
      ELSE c.old_fell_at END AS fell_at
  FROM changing c
  CROSS JOIN LATERAL (
    SELECT c.beds IS NOT NULL AND NOT c.modelled AND stays_left_out(c.was_left_out, c.from_at, $1) AS left_out
  ) l
), written AS (
  INSERT INTO sustainable_beds (${namesOf(sustainableBedsColumns)})
  SELECT ${namesOf(COUNTING)}, left_out, fell_at, is_near, in_effect, until <= $1
  FROM judged ORDER BY facility_id, category, cause, modelled
  ON CONFLICT (facility_id, category, cause, modelled) DO UPDATE SET ${overwritesOf(omit(sustainableBedsColumns, ...KEY))}
), published AS (
${publishing(`
  SELECT CASE WHEN c.is_seen THEN 'capacity.sustainable-beds-changed' ELSE 'capacity.sustainability-recorded' END,
    f.id::text, f.area, c.tags, $1::timestamptz
  FROM (
    SELECT facility_id, bool_or(is_seen) AS is_seen, ${CONCERNED_TAGS} AS tags
    FROM (
      SELECT j.facility_id, j.category,
        NOT j.modelled AND (j.is_near IS DISTINCT FROM j.was_left_out OR j.in_effect IS DISTINCT FROM j.was_in_effect
          OR ((j.is_near OR j.in_effect) AND j.beds IS DISTINCT FROM j.old_beds)) AS is_seen,
        j.beds IS DISTINCT FROM j.old_beds OR j.from_at IS DISTINCT FROM j.old_from OR j.old_until <= $1
          OR j.fell_at IS DISTINCT FROM j.old_fell_at OR j.concerns IS DISTINCT FROM COALESCE(j.old_concerns, '{}') AS is_changed
      FROM judged j WHERE NOT j.modelled OR cardinality(j.concerns) > 0 OR cardinality(j.old_concerns) > 0
    ) e CROSS JOIN LATERAL ${concernedBy('e')} WHERE is_seen OR is_changed GROUP BY facility_id
  ) c JOIN facility f ON f.id = c.facility_id
  ORDER BY f.id`)}
)
SELECT count(*)::int AS stored FROM stored`;
