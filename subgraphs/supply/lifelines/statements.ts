import {
  namesOf,
  omit,
  overwritesOf,
  pick,
  recordsOf,
  selectionOf,
} from '../../../shared/database/index.js';
import {
  lifelineColumns,
  lifelineMovementColumns,
  lifelineReportColumns,
} from '../generated/columns.js';

const LIFELINE = selectionOf(lifelineColumns, 'l');

/** Identify a report of one reporter: repeating one under the same key changes nothing. */
export const REPORT_KEY = pick(
  lifelineReportColumns,
  ...(['facilityId', 'kind', 'source', 'observedAt'] as const),
);

export const LIFELINES_BY_ID = {
  name: 'lifelines-by-id',
  text: `SELECT ${LIFELINE} FROM lifeline l WHERE l.id = ANY($1::uuid[])`,
};

export const LIFELINES_OF_FACILITIES = {
  name: 'lifelines-of-facilities',
  text: `SELECT ${LIFELINE} FROM lifeline l WHERE l.facility_id = ANY($1::uuid[]) ORDER BY l.facility_id, l.kind`,
};

const STATUS = `CASE WHEN l.supplied THEN 'SUPPLIED' WHEN l.kind = 'MAINS_POWER' THEN 'FAILED'
  WHEN l.fails_at IS NULL THEN CASE WHEN l.level IS NOT NULL AND l.load = 0 THEN 'SUFFICIENT' ELSE 'UNKNOWN' END
  WHEN l.fails_at <= $10::timestamptz THEN 'FAILED'
  WHEN l.fails_at <= $10::timestamptz + '6 hours'::interval THEN 'CRITICAL'
  WHEN l.fails_at <= $10::timestamptz + '24 hours'::interval THEN 'LOW' ELSE 'SUFFICIENT' END`;

/** Whether a person is concerned with a lifeline at $10, as `concernsOf` has it. */
const CONCERNS = `ARRAY[
    CASE WHEN l.fell_at > $10::timestamptz - '24 hours'::interval THEN 'SUDDEN_FALL' END,
    CASE WHEN l.risen_at > $10::timestamptz - '24 hours'::interval THEN 'SUDDEN_RISE' END,
    CASE WHEN l.eased_at > $10::timestamptz - '24 hours'::interval THEN 'LOAD_DROPPED' END,
    CASE WHEN l.contradicted_until > $10::timestamptz THEN 'SOURCES_CONTRADICT' END,
    CASE WHEN l.method IN ('REPORTED', 'DEVICE') AND l.load_method NOT IN ('REPORTED', 'DEVICE') AND l.level IS NOT NULL
      AND NOT (l.stock IS NOT DISTINCT FROM 0 AND l.level = 0) AND l.kind NOT IN ('MAINS_POWER', 'IT', 'RADIO') THEN 'LOAD_ASSUMED' END]`;

/**
 * A page of the lifelines in area $1, of kind $2, that fail before $3 (each left out when null), of facilities $4 or in areas $5, behind
 * the position ($6, $7); $8 of them. Of the statuses $9 at $10 (as `statusOf` has them), the methods $11 and with one of the concerns $13, all where
 * these are null; $12 the few facilities that are meant at all, null where they are many.
 */
export const LIFELINE_PAGE = `
SELECT ${LIFELINE} FROM lifeline l JOIN facility f ON f.id = l.facility_id
WHERE ($12::uuid[] IS NULL OR l.facility_id = ANY($12)) AND ($1::text IS NULL OR starts_with(f.area, $1))
  AND ($2::"LifelineKind" IS NULL OR l.kind = $2)
  AND ($3::timestamptz IS NULL OR l.fails_at < $3)
  AND (l.facility_id = ANY($4::uuid[]) OR EXISTS (SELECT FROM unnest($5::text[]) AS a WHERE starts_with(f.area, a)))
  AND ($9::text[] IS NULL OR ${STATUS} = ANY($9::text[]))
  AND ($11::text[] IS NULL OR l.method::text = ANY($11::text[]))
  AND ($13::text[] IS NULL OR ${CONCERNS} && $13::text[])
  AND (COALESCE(l.listed_at, 'infinity'), l.id) > (COALESCE($6::timestamptz, CASE WHEN $7::uuid IS NULL THEN '-infinity'::timestamptz ELSE 'infinity' END), COALESCE($7::uuid, '00000000-0000-0000-0000-000000000000'))
ORDER BY COALESCE(l.listed_at, 'infinity'), l.id LIMIT $8`;

/** The demand of oxygen in the reported beds of facilities $1. */
export const REPORTED_DEMANDS = {
  name: 'reported-demands-of-oxygen',
  text: `SELECT o.facility_id AS "facilityId", o.reported_demand AS "reportedDemand" FROM occupancy o WHERE o.facility_id = ANY($1::uuid[])`,
};

/** Locks facilities $1, in one order everywhere: every change of lifelines of a facility locks it first. */
export const LOCK_FACILITIES = {
  name: 'lock-facilities-for-lifelines',
  text: `SELECT f.id, f.area, o.oxygen_demand AS demand, o.reported_demand AS "reportedDemand",
  CASE WHEN o.facility_id IS NOT NULL THEN json_build_object('facilityId', f.id, 'kind', o.kind,
    'intensiveBeds', o.intensive_beds, 'wardBeds', o.ward_beds) END AS modelled
FROM facility f LEFT JOIN occupancy o ON o.facility_id = f.id
WHERE f.id = ANY($1::uuid[]) ORDER BY f.id FOR NO KEY UPDATE OF f`,
};

/**
 * The quantities that arrived at facilities $1 or were passed on after $2, in the order of time: of each lifeline the newest $3 one by one, and
 * older ones summed up for each stock and ten minutes. No hospital books more, and every report is judged by all of them.
 */
export const MOVEMENTS_OF_FACILITIES = {
  name: 'lifeline-movements-of-facilities',
  text: `WITH ranked AS (
  SELECT m.*, row_number() OVER (PARTITION BY m.facility_id, m.kind ORDER BY m.at DESC, m.booking_id DESC) AS nth
  FROM lifeline_movement m WHERE m.facility_id = ANY($1::uuid[]) AND m.at > $2
)
SELECT ${selectionOf(lifelineMovementColumns, 'one')} FROM ranked one WHERE one.nth <= $3
UNION ALL
SELECT ${selectionOf(lifelineMovementColumns, 'summed')} FROM (
  SELECT min(r.booking_id::text)::uuid AS booking_id, r.stock_id, r.facility_id, r.kind, sum(r.quantity) AS quantity, max(r.at) AS at
  FROM ranked r WHERE r.nth > $3
  GROUP BY r.facility_id, r.kind, r.stock_id, date_bin('10 minutes', r.at, 'epoch')
) AS summed
ORDER BY "at", "bookingId"`,
};

/** Stores reports whose keys are new; $1 is when they were received and $2 by whom. Returns the keys that were new. */
export const STORE_REPORTS = {
  name: 'store-lifeline-reports',
  text: `
INSERT INTO lifeline_report (${namesOf(lifelineReportColumns)})
SELECT ${namesOf(omit(lifelineReportColumns, 'receivedAt', 'reportedBy'))}, $1::timestamptz, $2::text
FROM ${recordsOf(omit(lifelineReportColumns, 'receivedAt', 'reportedBy'), 3)} AS given
ORDER BY facility_id, kind, source, observed_at, ordinality
ON CONFLICT DO NOTHING RETURNING ${selectionOf(REPORT_KEY, 'lifeline_report')}`,
};

/** The reports of a reporter ($1) under keys. */
export const REPORTS_UNDER_KEYS = {
  name: 'lifeline-reports-under-keys',
  text: `SELECT ${selectionOf(lifelineReportColumns, 'r')}
FROM lifeline_report r JOIN ${recordsOf(REPORT_KEY, 2)} AS repeated USING (${namesOf(REPORT_KEY)})
WHERE r.reported_by = $1`,
};

/** The highest level of facilities $1 of kinds $2 by their own word, observed from $3 and before $4 (in fours), where there is one. */
export const HIGHEST_LEVELS = {
  name: 'highest-levels-of-lifelines',
  text: `SELECT given.facility_id AS "facilityId", given.kind, given.since, given.until, found.most
FROM unnest($1::uuid[], $2::"LifelineKind"[], $3::timestamptz[], $4::timestamptz[]) AS given (facility_id, kind, since, until)
CROSS JOIN LATERAL (
  SELECT max(r.stock) AS most FROM lifeline_report r WHERE r.facility_id = given.facility_id AND r.kind = given.kind
    AND r.observed_at >= given.since AND r.observed_at < given.until AND r.stock IS NOT NULL AND r.method IN ('REPORTED', 'DEVICE')
) AS found WHERE found.most IS NOT NULL`,
};

/** The reports on lifelines $1 that were observed from $2 on, the newest first, at most $3 of each, and whether each is in force. */
export const REPORTS_OF_LIFELINES = {
  name: 'reports-of-lifelines',
  text: `SELECT r.* FROM unnest($1::uuid[]) AS given (id) JOIN lifeline l USING (id) CROSS JOIN LATERAL (
  SELECT l.id AS "lifelineId", ${selectionOf(lifelineReportColumns, 'o')},
    o.source = l.source AND o.observed_at = l.observed_at AND o.reported_by = l.reported_by AS "inForce"
  FROM lifeline_report o WHERE o.facility_id = l.facility_id AND o.kind = l.kind AND o.observed_at >= $2
  ORDER BY o.observed_at DESC, o.source, o.reported_by LIMIT $3
) r`,
};

export const STORE_LIFELINES = {
  name: 'store-lifelines',
  text: `
INSERT INTO lifeline (${namesOf(lifelineColumns)})
SELECT ${namesOf(lifelineColumns)} FROM ${recordsOf(lifelineColumns, 1)} AS given ORDER BY facility_id, kind
ON CONFLICT (facility_id, kind) DO UPDATE SET ${overwritesOf(omit(lifelineColumns, 'id', 'facilityId', 'kind'))}`,
};

/** Stores modelled lifelines where none is known. */
export const STORE_MODELLED_LIFELINES = {
  name: 'store-modelled-lifelines',
  text: `
INSERT INTO lifeline (${namesOf(lifelineColumns)})
SELECT ${namesOf(lifelineColumns)} FROM ${recordsOf(lifelineColumns, 1)} AS given ORDER BY facility_id, kind
ON CONFLICT DO NOTHING`,
};

/** Up to $2 facilities of which the clock has to look at a lifeline at $1. */
export const DUE_FACILITIES = {
  name: 'facilities-of-due-lifelines',
  text: `
SELECT facility_id AS id FROM lifeline WHERE next_check_at <= $1 GROUP BY facility_id ORDER BY min(next_check_at) LIMIT $2`,
};
