import { omit, pick, selectionOf } from '../../../../shared/database/index.js';
import { publishing, tagSql } from '../../../../shared/outbox/index.js';
import {
  allocationColumns,
  allocationLeftOverColumns,
  allocationLoadColumns,
  allocationPlanColumns,
} from '../../generated/columns.js';

/** Parameters $1 to $3 of the reading statements are those of `planVisibilityValues`: areas led, facilities, destination areas. */
const within = (area: string, areas: string) =>
  `EXISTS (SELECT FROM unnest(${areas}::text[]) AS each WHERE starts_with(${area}, each))`;

const LEADS = `(${within('n.area', '$1')} OR coalesce(n.facility_id = ANY ($2::uuid[]), false))`;

/** Entry `a` sends a patient to one of the caller's facilities or destination areas. */
const IS_DESTINATION = `(a.facility_id = ANY ($2::uuid[]) OR ${within('a.facility_area', '$3')})`;

const IS_CONFIRMED = `n.status IN ('CONFIRMING', 'CONFIRMED')`;

/** An overridden entry was never published to its facility. */
const SEES_PLAN = `(${LEADS} OR ${IS_CONFIRMED} AND EXISTS (
  SELECT FROM allocation a WHERE a.plan_id = n.id AND a.outcome <> 'OVERRIDDEN' AND ${IS_DESTINATION}))`;

const PLAN_COLUMNS = `
  ${selectionOf(omit(allocationPlanColumns, 'confirmedBy', 'purgedAt', 'seq'), 'n')}, ${LEADS} AS leads`;

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
  SELECT ${PLAN_COLUMNS} FROM allocation_plan n, (SELECT $3::text[]) AS visibility
  WHERE n.id = $4 AND ${LEADS} FOR NO KEY UPDATE OF n`;

const OF_PLAN = `JOIN allocation_plan n ON n.id = a.plan_id WHERE a.plan_id = $4`;

const ALLOCATIONS = `FROM allocation a ${OF_PLAN}
  AND (${LEADS} OR ${IS_CONFIRMED} AND a.outcome <> 'OVERRIDDEN' AND ${IS_DESTINATION})`;

/**
 * The entries of a list that the caller sees, numbered from 1 among themselves: cursors show these numbers, and numbers in the
 * whole list would reveal how many entries the caller does not see.
 */
const numbered = (columns: string, order: string, from: string) => `
  SELECT * FROM (SELECT ${columns}, row_number() OVER (ORDER BY ${order})::int AS position ${from}) AS part
  WHERE position > $5 ORDER BY position LIMIT $6`;

/** The entries of plan $4 behind number $5 that the caller sees, $6 at most. */
export const ALLOCATIONS_PAGE = numbered(
  selectionOf(omit(allocationColumns, 'position', 'needs', 'ventilated'), 'a'),
  'a.position',
  ALLOCATIONS,
);

export const ALLOCATIONS_COUNTED = `SELECT count(*)::int AS count ${ALLOCATIONS}`;

/** Numbers of the entries of plans by their outcome. */
export const OUTCOMES = `
  SELECT plan_id AS plan, count(*) FILTER (WHERE outcome = 'CONFIRMED')::int AS confirmed,
    count(*) FILTER (WHERE outcome = 'LOST')::int AS lost,
    count(*) FILTER (WHERE outcome = 'OVERRIDDEN')::int AS overridden
  FROM allocation WHERE plan_id = ANY ($1::uuid[]) GROUP BY plan_id`;

const LEFT_OVER = `FROM allocation_left_over a, (SELECT $3::text[]) AS visibility, allocation_plan n
  WHERE a.plan_id = $4 AND n.id = a.plan_id AND ${LEADS}`;

export const LEFT_OVER_PAGE = `
  SELECT ${selectionOf(allocationLeftOverColumns, 'a')}
  ${LEFT_OVER} AND a.position > $5 ORDER BY a.position LIMIT $6`;

export const LEFT_OVER_COUNTED = `SELECT count(*)::int AS count ${LEFT_OVER}`;

/** A facility whose assignments were all overridden never received an event of the plan. */
const LOADS = `FROM allocation_load a ${OF_PLAN}
  AND (${LEADS} OR ${IS_CONFIRMED} AND a.assigned > 0 AND ${IS_DESTINATION})`;

const LOAD = pick(
  allocationLoadColumns,
  ...(['facilityId', 'category', 'assigned', 'allowed', 'limit', 'method'] as const),
);

export const LOADS_PAGE = numbered(selectionOf(LOAD, 'a'), 'a.facility_id, a.category', LOADS);

export const LOADS_COUNTED = `SELECT count(*)::int AS count ${LOADS}`;

/** Explanations by plan and number, pairwise. */
export const EXPLANATIONS = `
  SELECT e.plan_id AS plan, e.number, e.rejected
  FROM unnest($1::uuid[], $2::int[]) AS requested (plan, number)
  JOIN allocation_explanation e ON e.plan_id = requested.plan AND e.number = requested.number`;

/**
 * Publishes that plan $1 changed: $2 is the topic, $3 the instant, $4 whether the destinations are published too. By the tags
 * subscribers filter, and their rights are judged; a tag `sent:` has the Kreis of a destination beside its facility.
 */
export const PUBLISH_PLAN = publishing(`
  SELECT $2::text, n.id::text, n.area, array_remove(ARRAY[
      ${tagSql('incident', 'n.incident_id')}, ${tagSql('facility', 'n.facility_id')}
    ] || ARRAY(
      SELECT DISTINCT tag FROM allocation a, unnest(ARRAY[
        ${tagSql('facility', 'a.facility_id')}, ${tagSql('area', 'a.facility_area')},
        ${tagSql('sent', "a.facility_area || ':' || a.facility_id")}]) AS tag
      WHERE $4 AND a.plan_id = n.id AND a.outcome <> 'OVERRIDDEN' ORDER BY tag), NULL), $3::timestamptz
  FROM allocation_plan n WHERE n.id = $1`);

/**
 * Deletes at $1 the entries of plans that were discarded before $2, of $3 plans at most; the plans stay. Plans with an open job
 * are left out.
 */
export const PURGE_DISCARDED = `
WITH old AS (
  SELECT n.id FROM allocation_plan n
  WHERE n.status = 'DISCARDED' AND n.purged_at IS NULL AND n.settled_at < $2
    AND NOT EXISTS (SELECT FROM job j WHERE j.subject = n.id AND j.done_at IS NULL)
  ORDER BY n.settled_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
), assignments AS (
  DELETE FROM allocation a USING old WHERE a.plan_id = old.id
), left_over AS (
  DELETE FROM allocation_left_over l USING old WHERE l.plan_id = old.id
), explanations AS (
  DELETE FROM allocation_explanation e USING old WHERE e.plan_id = old.id
), loads AS (
  DELETE FROM allocation_load d USING old WHERE d.plan_id = old.id
)
UPDATE allocation_plan n SET purged_at = $1 FROM old WHERE n.id = old.id`;

/** Removes the reasons for which a dispatcher overrode assignments of patients $1. */
export const ERASE_OVERRIDES = `
  UPDATE allocation SET override_reason = NULL WHERE patient_id = ANY ($1::uuid[]) AND override_reason IS NOT NULL`;

/** Removes the reasons for which plans with patients $1 were discarded. */
export const ERASE_PLAN_REASONS = `
  UPDATE allocation_plan n SET settled_reason = NULL
  WHERE n.settled_reason IS NOT NULL AND n.id IN (
    SELECT plan_id FROM allocation WHERE patient_id = ANY ($1::uuid[])
    UNION SELECT plan_id FROM allocation_left_over WHERE patient_id = ANY ($1::uuid[]))`;

/** Redacts words $2, which name a person, in the reasons for which plans of incident $1 were discarded. */
export const REDACT_PLANS = `
  UPDATE allocation_plan SET settled_reason = redacted(settled_reason, $2::text[])
  WHERE incident_id = $1 AND redacted(settled_reason, $2::text[]) <> settled_reason`;

/** Removes the reasons for which plans were discarded before $1, of $2 plans at most. */
export const FORGET_PLAN_REASONS = `
  UPDATE allocation_plan SET settled_reason = NULL
  WHERE id IN (
    SELECT id FROM allocation_plan WHERE settled_at < $1 AND settled_reason IS NOT NULL
    ORDER BY settled_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)`;
