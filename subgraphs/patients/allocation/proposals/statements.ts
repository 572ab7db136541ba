import { namesOf, omit, pick, recordsOf, selectionOf } from '../../../../shared/database/index.js';
import {
  allocationColumns,
  allocationLeftOverColumns,
  allocationLoadColumns,
  allocationPlanColumns,
  patientColumns,
} from '../../generated/columns.js';

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

/** The columns of a plan that is proposed. */
export const PROPOSED = omit(
  allocationPlanColumns,
  ...(['id', 'status', 'settledAt', 'settledBy', 'settledReason'] as const),
  ...(['approved', 'confirmedBy', 'purgedAt', 'seq'] as const),
);
export const STORE_PLAN = `
  INSERT INTO allocation_plan (${namesOf(PROPOSED)})
  SELECT ${namesOf(PROPOSED)} FROM ${recordsOf(PROPOSED, 1)} AS p RETURNING id`;

/** The columns of an allocation that are stored with plan $1; its reasons are the list at this position, from 1. */
const ALLOCATED = omit(
  allocationColumns,
  ...(['planId', 'position', 'reasons', 'outcome', 'overrideReason'] as const),
  ...(['lostTo', 'lostReason', 'transferId'] as const),
);
export const ALLOCATION = {
  ...ALLOCATED,
  reasonsAt: { name: 'reasons_at', type: 'int', isList: false },
} as const;

/** Stores the allocations of plan $1 in their order; $2 are their reasons, equal ones once, and the parameters from $3 on the allocations. */
export const STORE_ALLOCATIONS = `
  WITH reason AS (
    SELECT list, number_of_list FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS r (list, number_of_list))
  INSERT INTO allocation (plan_id, position, reasons, ${namesOf(ALLOCATED)})
  SELECT $1, a.ordinality, reason.list, ${namesOf(ALLOCATED)}
  FROM ${recordsOf(ALLOCATION, 3)} AS a JOIN reason ON reason.number_of_list = a.reasons_at`;

/** The columns of a patient who is left over that are stored with plan $1, of which the parameters from $2 on are. */
export const LEFT_OVER = omit(allocationLeftOverColumns, 'planId', 'position');
export const STORE_LEFT_OVER = `
  INSERT INTO allocation_left_over (plan_id, position, ${namesOf(LEFT_OVER)})
  SELECT $1, ordinality, ${namesOf(LEFT_OVER)} FROM ${recordsOf(LEFT_OVER, 2)} AS l`;

/** The list at position n of $2 is explanation n. */
export const STORE_EXPLANATIONS = `
  INSERT INTO allocation_explanation (plan_id, number, rejected)
  SELECT $1, number, rejected FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS e (rejected, number)`;

/** The columns of a load that are stored with plan $1, of which the parameters from $2 on are. */
export const LOAD = omit(allocationLoadColumns, 'planId');
export const STORE_LOAD = `
  INSERT INTO allocation_load (plan_id, ${namesOf(LOAD)}) SELECT $1, ${namesOf(LOAD)} FROM ${recordsOf(LOAD, 2)} AS l`;

/** The job of a confirmation that had begun is open, and returns what was reserved for the plan. */
export const DISCARD_PLAN = `
  UPDATE allocation_plan SET status = 'DISCARDED', settled_at = $2, settled_by = $3, settled_reason = $4
  WHERE id = $1`;
