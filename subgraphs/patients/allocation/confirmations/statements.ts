import { pick, selectionOf } from '../../../../shared/database/index.js';
import { allocationPlanColumns } from '../../generated/columns.js';

/** The patients of plan $1 who are named in $2, with their entries. */
export const PLANNED_PATIENTS = {
  name: 'planned-patients',
  text: `
SELECT p.id AS patient, a.position, p.facility_id AS facility, p.category, p.died_at AS "diedAt",
  p.ventilated, p.physician_escort AS "physicianEscort", p.transport_priority AS "transportPriority",
  a.minutes, a.category AS "plannedCategory",
  coalesce(s.latitude, p.latitude, i.latitude) AS latitude, coalesce(s.longitude, p.longitude, i.longitude) AS longitude
FROM patient p
LEFT JOIN allocation a ON a.plan_id = $1 AND a.patient_id = p.id AND a.outcome = 'PLANNED'
LEFT JOIN allocation_left_over l ON l.plan_id = $1 AND l.patient_id = p.id
LEFT JOIN incident_section s ON s.id = p.section_id AND s.latitude IS NOT NULL
LEFT JOIN incident i ON i.id = p.incident_id
WHERE p.id = ANY ($2::uuid[]) AND (a.plan_id IS NOT NULL OR l.plan_id IS NOT NULL)`,
};

/** Overrides entries $2 of plan $1, each for its reason in $3. */
export const OVERRIDE = {
  name: 'override-allocations',
  text: `
UPDATE allocation a SET outcome = 'OVERRIDDEN', override_reason = o.reason
FROM unnest($2::int[], $3::text[]) AS o (position, reason) WHERE a.plan_id = $1 AND a.position = o.position`,
};

/**
 * Stores the facilities that the dispatcher of plan $1 chose: $2 is a list of entries, which are numbered behind all others. The
 * explanation for a patient to whom the plan assigned no facility moves to the new entry.
 */
export const STORE_CHOSEN = {
  name: 'store-chosen-allocations',
  text: `
WITH chosen AS (
  SELECT c.entry, c.number, p.id, p.needs, p.ventilated
  FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS c (entry, number)
  JOIN patient p ON p.id = (c.entry ->> 'patient')::uuid
), left_over AS (
  DELETE FROM allocation_left_over l USING chosen c WHERE l.plan_id = $1 AND l.patient_id = c.id
  RETURNING l.patient_id, l.reason, l.explanation
)
INSERT INTO allocation (plan_id, position, patient_id, facility_id, facility_area, category, minutes, means, with_physician,
  reasons, override_reason, needs, ventilated, explanation)
SELECT $1, last.position + c.number, c.id, (c.entry ->> 'facility')::uuid, c.entry ->> 'facilityArea',
  (c.entry ->> 'category')::"TriageCategory", (c.entry ->> 'minutes')::float, (c.entry ->> 'means')::"TransportMeans",
  (c.entry ->> 'withPhysician')::boolean,
  jsonb_build_array(jsonb_build_object('code', 'CHOSEN_BY_DISPATCHER', 'message',
    'The dispatcher chose it instead of the proposal' || coalesce(', which had no facility for the patient: ' || l.reason, '.'))),
  c.entry ->> 'overrideReason', c.needs, c.ventilated, l.explanation
FROM chosen c LEFT JOIN left_over l ON l.patient_id = c.id,
  (SELECT coalesce(max(position), 0) AS position FROM allocation WHERE plan_id = $1) AS last`,
};

/** Stores the patients whom the dispatcher of plan $1 leaves where they are: entries $2, overridden. */
export const STORE_LEFT = {
  name: 'store-left-by-dispatcher',
  text: `
INSERT INTO allocation_left_over (plan_id, position, patient_id, code, reason, explanation)
SELECT $1, last.position + row_number() OVER (ORDER BY a.position), a.patient_id, 'LEFT_BY_DISPATCHER',
  'The dispatcher leaves the patient where they are.', a.explanation
FROM allocation a, (SELECT coalesce(max(position), 0) AS position FROM allocation_left_over WHERE plan_id = $1) AS last
WHERE a.plan_id = $1 AND a.position = ANY ($2::int[])`,
};

/** Stores the facilities that only the dispatcher of plan $1 chose, with their intake: $2 to $6 a column each. */
export const STORE_CHOSEN_LOAD = {
  name: 'store-chosen-load',
  text: `
INSERT INTO allocation_load (plan_id, facility_id, facility_area, category, assigned, allowed, "limit", declared)
SELECT DISTINCT ON (facility, category) $1::uuid, facility, area, category::"TriageCategory", 0, free, free, declared
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $6::int[]) AS c (facility, area, category, free, declared)
ON CONFLICT (plan_id, facility_id, category) DO NOTHING`,
};

/** Counts plan $1 again with the overrides of the dispatcher; $2 are its weighted minutes. */
export const COUNT_LOAD = {
  name: 'count-load',
  text: `
UPDATE allocation_load l SET assigned = (
  SELECT count(*) FROM allocation a
  WHERE a.plan_id = l.plan_id AND a.facility_id = l.facility_id AND a.category = l.category AND a.outcome <> 'OVERRIDDEN')
WHERE l.plan_id = $1`,
};
export const COUNT_PLAN = {
  name: 'count-plan',
  text: `
UPDATE allocation_plan SET weighted_minutes = $2,
  allocated = (SELECT count(*) FROM allocation WHERE plan_id = $1 AND outcome <> 'OVERRIDDEN')
WHERE id = $1`,
};

/** Begins the confirmation of plan $1 at $2 by $3, which is the approval too if $4. */
export const BEGIN_CONFIRMING = {
  name: 'begin-confirming',
  text: `
UPDATE allocation_plan SET status = 'CONFIRMING', settled_at = $2, settled_by = $3, confirmed_by = $3, approved = $4 WHERE id = $1`,
};

const CONFIRMING = pick(
  allocationPlanColumns,
  ...([
    'id',
    'incidentId',
    'facilityId',
    'area',
    'wave',
    'status',
    'approved',
    'confirmedBy',
  ] as const),
);

/** A plan whose slots are to be reserved, or that was discarded while they were. */
export const CONFIRMING_PLAN = {
  name: 'confirming-plan',
  text: `
SELECT ${selectionOf(CONFIRMING, 'n')} FROM allocation_plan n WHERE id = $1 AND confirmed_by IS NOT NULL`,
};
export const CONFIRMING_PLAN_LOCKED = {
  name: 'confirming-plan-locked',
  text: `${CONFIRMING_PLAN.text} FOR NO KEY UPDATE`,
};

/**
 * The entries of plan $1 that need a slot. Within a category, those that the dispatcher chose come first: the software proposes,
 * the dispatcher decides.
 */
export const REQUESTED_SLOTS = {
  name: 'requested-slots',
  text: `
SELECT a.position, a.facility_id AS facility, a.category, a.minutes, a.override_reason IS NOT NULL AS "isChosen",
  l.declared AS "limitThen"
FROM allocation a LEFT JOIN allocation_load l USING (plan_id, facility_id, category)
WHERE a.plan_id = $1 AND a.outcome = 'PLANNED'
ORDER BY a.category, a.override_reason IS NULL, a.position`,
};

/**
 * Locks the patients of plan $1 in the order of ids, so that two transactions do not deadlock. Not FOR UPDATE: the entries of
 * another proposal, whose foreign keys read the same patients in an order of their own, must not wait for it.
 */
export const LOCK_PATIENTS = {
  name: 'lock-allocated-patients',
  text: `
SELECT FROM patient p WHERE p.id IN (SELECT patient_id FROM allocation WHERE plan_id = $1 AND outcome = 'PLANNED')
ORDER BY p.id FOR NO KEY UPDATE OF p`,
};

/** The locked patients as they are now: in a statement of its own, because one that waited still sees the state before. */
export const PLANNED_ENTRIES = {
  name: 'planned-entries',
  text: `
SELECT a.position, a.patient_id AS patient, a.facility_id AS "toFacility", a.facility_area AS "toArea",
  a.override_reason AS "overrideReason",
  jsonb_build_object('category', a.category, 'needs', to_jsonb(a.needs), 'ventilated', a.ventilated) AS "then",
  jsonb_build_object('category', p.category, 'needs', to_jsonb(p.needs), 'ventilated', p.ventilated,
    'transportable', p.transportable, 'facility', p.facility_id, 'hasDied', p.died_at IS NOT NULL,
    'isErased', p.erased_at IS NOT NULL) AS "now",
  EXISTS (SELECT FROM transfer t WHERE t.patient_id = p.id
          AND t.status NOT IN ('REJECTED', 'HANDED_OVER', 'CANCELLED', 'DIED')) AS "isMoving"
FROM allocation a JOIN patient p ON p.id = a.patient_id WHERE a.plan_id = $1 AND a.outcome = 'PLANNED'`,
};

/** Those of slots $1 that a transfer has. */
export const SLOTS_OF_TRANSFERS = {
  name: 'slots-of-transfers',
  text: 'SELECT reservation_item AS item FROM transfer WHERE reservation_item = ANY ($1::uuid[])',
};

/** Confirms entries $2 of plan $1, each with its transfer in $3. */
export const CONFIRM_ENTRIES = {
  name: 'confirm-allocations',
  text: `
UPDATE allocation a SET outcome = 'CONFIRMED', transfer_id = k.transfer
FROM unnest($2::int[], $3::uuid[]) AS k (position, transfer)
WHERE a.plan_id = $1 AND a.position = k.position AND a.outcome = 'PLANNED'`,
};

/** Stores that entries $2 of plan $1 are lost: $3 are the codes, $4 the reasons. */
export const STORE_LOSSES = {
  name: 'store-losses',
  text: `
UPDATE allocation a SET outcome = 'LOST', lost_to = o.code::"AllocationLoss", lost_reason = o.reason
FROM unnest($2::int[], $3::text[], $4::text[]) AS o (position, code, reason)
WHERE a.plan_id = $1 AND a.position = o.position`,
};

export const END_CONFIRMING = {
  name: 'end-confirming',
  text: `UPDATE allocation_plan SET status = 'CONFIRMED' WHERE id = $1`,
};

/** The entries of plan $1 behind position $2 that are lost, $3 at most. */
export const LOST_PAGE = {
  name: 'lost-page',
  text: `
SELECT position, patient_id AS "patientId", facility_id AS "facilityId", lost_to AS code, lost_reason AS reason
FROM allocation WHERE plan_id = $1 AND outcome = 'LOST' AND lost_to IS NOT NULL AND lost_reason IS NOT NULL AND position > $2
ORDER BY position LIMIT $3`,
};
export const LOST_COUNTED = {
  name: 'lost-counted',
  text: `
SELECT count(*)::int AS count FROM allocation WHERE plan_id = $1 AND outcome = 'LOST' AND lost_to IS NOT NULL AND lost_reason IS NOT NULL`,
};
