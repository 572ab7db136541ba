import { publishing } from '../../../../shared/outbox/index.js';

/** Where the caller leads, his houses, and where he is told: $1 to $3 of what follows. */
const within = (area: string, areas: string) =>
  `EXISTS (SELECT FROM unnest(${areas}::text[]) AS each WHERE starts_with(${area}, each))`;

const LEADS = `(${within('n.area', '$1')} OR coalesce(n.facility_id = ANY ($2::uuid[]), false))`;

/** An entry that the caller is told once it is confirmed; `a` is the row. */
const IS_DESTINATION = `(a.facility_id = ANY ($2::uuid[]) OR ${within('a.facility_area', '$3')})`;

const IS_CONFIRMED = `n.status IN ('CONFIRMING', 'CONFIRMED')`;

/** What the dispatcher has chosen otherwise never concerned the house. */
const SEES_PLAN = `(${LEADS} OR ${IS_CONFIRMED} AND EXISTS (
  SELECT FROM allocation a WHERE a.plan_id = n.id AND a.outcome <> 'OVERRIDDEN' AND ${IS_DESTINATION}))`;

const PLAN_COLUMNS = `
  n.id, n.incident_id AS incident, n.facility_id AS facility, n.area, n.status::text, n.wave, n.digest, n.parameters,
  n.patients, n.allocated, n.weighted_minutes AS "weightedMinutes", n.cost, n.optimality_gap AS "optimalityGap",
  n.solver_milliseconds AS "solverMilliseconds", n.timed_out AS "timedOut", n.method::text,
  n.proposed_at AS "proposedAt", n.proposed_by AS "proposedBy", n.settled_at AS "settledAt", n.settled_by AS "settledBy",
  n.settled_reason AS "settledReason",
  n.approved, ${LEADS} AS leads`;

export const PLANS_BY_ID = `
  SELECT ${PLAN_COLUMNS} FROM allocation_plan n WHERE n.id = ANY ($4::uuid[]) AND ${SEES_PLAN}`;

/** The newest $5 plans of each incident, newest first. */
export const PLANS_OF_INCIDENTS = `
  SELECT p.*, i.id AS "of" FROM unnest($4::uuid[]) AS i (id), LATERAL (
    SELECT ${PLAN_COLUMNS}, n.seq FROM allocation_plan n WHERE n.incident_id = i.id AND ${SEES_PLAN}
    ORDER BY n.proposed_at DESC, n.seq DESC LIMIT $5) AS p
  ORDER BY p."proposedAt" DESC, p.seq DESC`;

/** A plan that the caller leads, locked until the transaction ends. */
export const PLAN_LOCKED = `
  SELECT ${PLAN_COLUMNS} FROM allocation_plan n, (SELECT $3::text[]) AS viewer
  WHERE n.id = $4 AND ${LEADS} FOR NO KEY UPDATE OF n`;

const OF_PLAN = `JOIN allocation_plan n ON n.id = a.plan_id WHERE a.plan_id = $4`;

const ALLOCATION_COLUMNS = `
  a.plan_id AS plan, a.patient_id AS patient, a.facility_id AS facility, a.facility_area AS "facilityArea",
  a.category::text, a.minutes, a.means::text, a.with_physician AS "withPhysician", a.reasons, a.explanation,
  a.outcome::text, a.override_reason AS "overrideReason", a.lost_to::text AS "lostTo", a.lost_reason AS "lostReason",
  a.transfer_id AS transfer`;

const ALLOCATIONS = `FROM allocation a ${OF_PLAN}
  AND (${LEADS} OR ${IS_CONFIRMED} AND a.outcome <> 'OVERRIDDEN' AND ${IS_DESTINATION})`;

/**
 * What the caller sees of a list, numbered from 1 within that: the cursors show their numbers, and where his part stands in
 * the whole would tell how much is not for him.
 */
const numbered = (columns: string, order: string, from: string) => `
  SELECT * FROM (SELECT ${columns}, row_number() OVER (ORDER BY ${order})::int AS position ${from}) AS part
  WHERE position > $5 ORDER BY position LIMIT $6`;

/** The entries of plan $4 behind number $5 that the caller sees, $6 at most. */
export const ALLOCATIONS_PAGE = numbered(ALLOCATION_COLUMNS, 'a.position', ALLOCATIONS);

export const ALLOCATIONS_COUNTED = `SELECT count(*)::int AS count ${ALLOCATIONS}`;

/** What became of the assignments of plans. */
export const OUTCOMES = `
  SELECT plan_id AS plan, count(*) FILTER (WHERE outcome = 'CONFIRMED')::int AS confirmed,
    count(*) FILTER (WHERE outcome = 'LOST')::int AS lost,
    count(*) FILTER (WHERE outcome = 'OVERRIDDEN')::int AS overridden
  FROM allocation WHERE plan_id = ANY ($1::uuid[]) GROUP BY plan_id`;

const LEFT_OVER = `FROM allocation_left_over a, (SELECT $3::text[]) AS viewer, allocation_plan n
  WHERE a.plan_id = $4 AND n.id = a.plan_id AND ${LEADS}`;

export const LEFT_OVER_PAGE = `
  SELECT a.plan_id AS plan, a.position, a.patient_id AS patient, a.code, a.reason, a.explanation
  ${LEFT_OVER} AND a.position > $5 ORDER BY a.position LIMIT $6`;

export const LEFT_OVER_COUNTED = `SELECT count(*)::int AS count ${LEFT_OVER}`;

/** A house that is given nobody any more never knew that it was to be. */
const LOADS = `FROM allocation_load a ${OF_PLAN}
  AND (${LEADS} OR ${IS_CONFIRMED} AND a.assigned > 0 AND ${IS_DESTINATION})`;

export const LOADS_PAGE = numbered(
  `a.facility_id AS facility, a.category::text, a.assigned, a.allowed, a."limit", a.method`,
  'a.facility_id, a.category',
  LOADS,
);

export const LOADS_COUNTED = `SELECT count(*)::int AS count ${LOADS}`;

/** Explanations by plan and number, pairwise. */
export const EXPLANATIONS = `
  SELECT e.plan_id AS plan, e.number, e.rejected
  FROM unnest($1::uuid[], $2::int[]) AS asked (plan, number)
  JOIN allocation_explanation e ON e.plan_id = asked.plan AND e.number = asked.number`;

/**
 * Tells watchers that plan $1 changed: $2 what happened, $3 when, $4 whether those hear it who are sent patients. The tags
 * are those by which a watcher chooses and by which his rights are judged; `sent:` says of each house where it lies.
 */
export const PUBLISH_PLAN = publishing(`
  SELECT $2::text, n.id::text, n.area, array_remove(ARRAY[
      'incident:' || n.incident_id, 'facility:' || n.facility_id
    ] || ARRAY(
      SELECT DISTINCT tag FROM allocation a, unnest(ARRAY[
        'facility:' || a.facility_id, 'area:' || a.facility_area, 'sent:' || a.facility_area || ':' || a.facility_id]) AS tag
      WHERE $4 AND a.plan_id = n.id AND a.outcome <> 'OVERRIDDEN' ORDER BY tag), NULL), $3::timestamptz
  FROM allocation_plan n WHERE n.id = $1`);

/** Why a dispatcher sent them elsewhere than a plan said. */
export const ERASE_OVERRIDES = `
  UPDATE allocation SET override_reason = NULL WHERE patient_id = ANY ($1::uuid[]) AND override_reason IS NOT NULL`;

/** Why plans in which they stand were discarded. */
export const ERASE_PLAN_REASONS = `
  UPDATE allocation_plan n SET settled_reason = NULL
  WHERE n.settled_reason IS NOT NULL AND n.id IN (
    SELECT plan_id FROM allocation WHERE patient_id = ANY ($1::uuid[])
    UNION SELECT plan_id FROM allocation_left_over WHERE patient_id = ANY ($1::uuid[]))`;

/** $1 the incident, $2 words that name a person: they are redacted in why its plans were discarded. */
export const REDACT_PLANS = `
  UPDATE allocation_plan SET settled_reason = redacted(settled_reason, $2::text[])
  WHERE incident_id = $1 AND redacted(settled_reason, $2::text[]) <> settled_reason`;

/** Why plans were discarded before $1; $2 at most. */
export const FORGET_PLAN_REASONS = `
  UPDATE allocation_plan SET settled_reason = NULL
  WHERE id IN (
    SELECT id FROM allocation_plan WHERE settled_at < $1 AND settled_reason IS NOT NULL
    ORDER BY settled_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)`;
