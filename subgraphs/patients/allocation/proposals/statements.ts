import { namesOf, omit, pick, recordsOf, selectionOf } from '../../../../shared/database/index.js';
import { allocationLeftOverColumns, patientColumns } from '../../generated/columns.js';

const HAS_WAY = `SELECT FROM transfer t
    WHERE t.patient_id = p.id AND t.status NOT IN ('REJECTED', 'HANDED_OVER', 'CANCELLED', 'DIED')`;

/** Transfer `t` has not ended, its patient has not left, and no facility has to respond to it. */
const LACKS_FACILITY = `(
  t.status = 'REFUSED' OR t.to_facility IS NULL AND t.status NOT IN ('PICKED_UP', 'UNDER_WAY', 'DIVERTED', 'ARRIVED'))`;

const COLUMNS = selectionOf(
  pick(
    patientColumns,
    ...(['id', 'category', 'transportPriority', 'needs', 'ventilated'] as const),
    ...(['physicianEscort', 'triagedAt', 'transportable', 'latitude', 'longitude'] as const),
  ),
  'p',
);

/** The patients of incident $1 who are in no facility, and without a transfer or with one that needs a facility; $2 at most. */
export const WAITING_AT_SCENE = `
  SELECT ${COLUMNS}, s.id AS section, s.latitude AS "sectionLatitude", s.longitude AS "sectionLongitude",
    EXISTS (${HAS_WAY}) AS "facilityRefused"
  FROM patient p LEFT JOIN incident_section s ON s.id = p.section_id AND s.latitude IS NOT NULL
  WHERE p.incident_id = $1 AND p.facility_id IS NULL AND p.erased_at IS NULL
    AND NOT EXISTS (${HAS_WAY} AND NOT ${LACKS_FACILITY})
  LIMIT $2`;

/** The living patients in facility $1 without a transfer that has not ended. */
export const WAITING_IN_FACILITY = `
  SELECT ${COLUMNS} FROM patient p
  WHERE p.facility_id = $1 AND p.died_at IS NULL AND p.erased_at IS NULL AND NOT EXISTS (${HAS_WAY})`;

export const PATIENTS_OF_INCIDENT_COUNTED =
  'SELECT count(*)::int AS count FROM patient WHERE incident_id = $1 AND erased_at IS NULL';

export const PATIENTS_IN_FACILITY_COUNTED =
  'SELECT count(*)::int AS count FROM patient WHERE facility_id = $1 AND erased_at IS NULL';

/**
 * Numbers of patients who were sent to each facility, by their category at the proposal: it may have changed since. A transfer
 * that its facility refused has no destination until the next one is requested.
 */
const sent = (whose: string) => `
  SELECT t.to_facility AS facility, coalesce(a.category, p.category)::text AS category, count(*)::int AS count
  FROM transfer t JOIN patient p ON p.id = t.patient_id
    LEFT JOIN allocation a ON a.transfer_id = t.id
  WHERE ${whose} AND t.to_facility IS NOT NULL AND t.status NOT IN ('CANCELLED', 'REJECTED', 'REFUSED')
  GROUP BY 1, 2`;

/** Numbers of patients whom incident $1 has sent to each facility so far. */
export const SENT_FROM_INCIDENT = sent('t.incident_id = $1');

/** Numbers of patients whom facility $1 has sent to each facility since $2. */
export const SENT_FROM_FACILITY = sent('t.from_facility = $1 AND t.created_at >= $2');

export const STORE_PLAN = `
  INSERT INTO allocation_plan (incident_id, facility_id, area, wave, digest, parameters, patients, allocated,
    weighted_minutes, cost, optimality_gap, solver_milliseconds, timed_out, method, proposed_at, proposed_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::"AllocationMethod", $15, $16) RETURNING id`;

/**
 * $2 to $9 a column each; $10 which of the reasons in $11 each has, counted from 1; $12 the needs of each with commas between,
 * $13 a column. Positions begin with 1.
 */
export const STORE_ALLOCATIONS = `
  WITH reason AS (
    SELECT list, number_of_list FROM jsonb_array_elements($11::jsonb) WITH ORDINALITY AS r (list, number_of_list))
  INSERT INTO allocation (plan_id, position, patient_id, facility_id, facility_area, category, minutes, means,
    with_physician, explanation, reasons, needs, ventilated)
  SELECT $1, number, patient, facility, area, category::"TriageCategory", minutes, means::"TransportMeans", physician,
    explanation, reason.list, string_to_array(needs, ',')::"Need"[], ventilated
  FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::float8[], $7::text[], $8::boolean[], $9::int[],
    $10::int[], $12::text[], $13::boolean[]) WITH ORDINALITY
    AS a (patient, facility, area, category, minutes, means, physician, explanation, reasons, needs, ventilated, number)
  JOIN reason ON reason.number_of_list = a.reasons`;

/** The columns of a patient who is left over that are stored with plan $1, of which the parameters from $2 on are. */
export const LEFT_OVER = omit(allocationLeftOverColumns, 'planId', 'position');
export const STORE_LEFT_OVER = `
  INSERT INTO allocation_left_over (plan_id, position, ${namesOf(LEFT_OVER)})
  SELECT $1, ordinality, ${namesOf(LEFT_OVER)} FROM ${recordsOf(LEFT_OVER, 2)} AS l`;

/** The list at position n of $2 is explanation n. */
export const STORE_EXPLANATIONS = `
  INSERT INTO allocation_explanation (plan_id, number, rejected)
  SELECT $1, number, rejected FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS e (rejected, number)`;

export const STORE_LOAD = `
  INSERT INTO allocation_load (plan_id, facility_id, facility_area, category, assigned, allowed, "limit", declared, method)
  SELECT $1, facility, area, category::"TriageCategory", assigned, allowed, free, declared, method
  FROM unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $6::int[], $7::int[], $8::int[],
    $9::text[]) AS l (facility, area, category, assigned, allowed, free, declared, method)`;

/** The job of a confirmation that had begun is open, and returns what was reserved for the plan. */
export const DISCARD_PLAN = `
  UPDATE allocation_plan SET status = 'DISCARDED', settled_at = $2, settled_by = $3, settled_reason = $4
  WHERE id = $1`;
