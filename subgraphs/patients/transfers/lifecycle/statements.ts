import { anyOf, omit, pick, selectionOf } from '../../../../shared/database/index.js';
import { seqOf } from '../../../../shared/lists/index.js';
import {
  patientColumns,
  transferApprovalColumns,
  transferColumns,
  transferStepColumns,
} from '../../generated/columns.js';

/**
 * $1 to $4 of the statements: the visibility of the caller, and the areas for which they approve clinical and strategic
 * transfers.
 */
const SEES_PATIENT = 'may_see(p.id, p.area, $1::text[], $2::uuid[])';
const STRATEGIC = `t.kind IN ('STRATEGIC', 'INTERNATIONAL')`;
const within = (area: string, areas: string) =>
  `EXISTS (SELECT FROM unnest(${areas}::text[]) AS a WHERE starts_with(${area}, a))`;

/**
 * A level that has to approve sees the transfer, and the patient only if it may anyway; so do the two facilities of a
 * transfer that ended with a hand-over, whatever follows it.
 */
const SEES_TRANSFER = `(${SEES_PATIENT}
  OR t.status = 'HANDED_OVER' AND (t.from_facility = ANY ($2::uuid[]) OR t.to_facility = ANY ($2::uuid[]))
  OR t.kind <> 'PRIMARY' AND NOT ${STRATEGIC} AND ${within('t.from_area', '$3')}
  OR ${STRATEGIC} AND (${within('t.from_area', '$4')} OR ${within('t.to_area', '$4')}))`;

/** A transfer as it is shown: without the person who requested it. */
const TRANSFER = omit(transferColumns, 'intake', 'createdBy', 'seq');
const STEP = selectionOf(omit(transferStepColumns, 'position', 'act', 'attempt'), 's');
const APPROVAL = selectionOf(omit(transferApprovalColumns, 'seq'), 'a');

const PATIENT = selectionOf(
  pick(
    patientColumns,
    'id',
    'incidentId',
    'facilityId',
    'area',
    'category',
    'diedAt',
    'transportable',
  ),
  'p',
);

const COLUMNS = `
  ${selectionOf(TRANSFER, 't')},
  p.area AS "patientArea", p.category::text AS "patientCategory", ${SEES_PATIENT} AS "seesPatient",
  EXISTS (SELECT FROM job j WHERE j.subject = t.id AND j.done_at IS NULL
          AND (j.input ->> 'attempt')::int = t.attempt AND j.input ->> 'operation' IN ('RESERVE', 'CONFIRM')
          AND t.status IN ('DESTINATION_REQUESTED', 'DIVERTED')) AS accepting`;

const OF_ALL = 'FROM transfer t JOIN patient p ON p.id = t.patient_id';

export const TRANSFERS_BY_ID = {
  name: 'transfers-by-id',
  text: `
SELECT ${COLUMNS} ${OF_ALL} WHERE t.id = ${anyOf('$5')} AND ${SEES_TRANSFER}`,
};

/**
 * Transfers by id without a check of visibility: for decisions of the hub, and for the part that a redacted transfer
 * still shows.
 */
export const TRANSFERS_UNCHECKED = {
  name: 'transfers-unchecked',
  text: `SELECT ${COLUMNS} ${OF_ALL} WHERE t.id = ${anyOf('$3')}`,
};

/** Transfers by id, locked until the transaction ends; in the order of ids, so that two transactions never deadlock. */
export const TRANSFERS_LOCKED = {
  name: 'transfers-locked',
  text: `
SELECT ${COLUMNS} ${OF_ALL} WHERE t.id = ${anyOf('$5')} AND ${SEES_TRANSFER} ORDER BY t.id FOR UPDATE OF t`,
};

export const TRANSFERS_LOCKED_UNCHECKED = {
  name: 'transfers-locked-unchecked',
  text: `
SELECT ${COLUMNS} ${OF_ALL} WHERE t.id = ${anyOf('$3')} ORDER BY t.id FOR UPDATE OF t`,
};

/**
 * The transfers of the vehicle $3 that are not over for it, locked. A patient who left it before the lock was acquired
 * is not among them.
 */
export const TRANSFERS_OF_VEHICLE_LOCKED = {
  name: 'transfers-of-vehicle-locked',
  text: `
SELECT ${COLUMNS} ${OF_ALL}
WHERE t.vehicle_id = $3 AND t.status IN ('TRANSPORT_ASSIGNED', 'PICKED_UP', 'UNDER_WAY', 'DIVERTED')
ORDER BY t.id FOR UPDATE OF t`,
};

/** The transfers of patients that have not ended, otherwise the last ones. */
export const TRANSFERS_OF_PATIENTS = {
  name: 'transfers-of-patients',
  text: `
SELECT DISTINCT ON (t.patient_id) ${COLUMNS} ${OF_ALL}
WHERE t.patient_id = ${anyOf('$5')} AND ${SEES_TRANSFER}
ORDER BY t.patient_id, t.created_at DESC, t.seq DESC`,
};

const MATCHES = `${SEES_TRANSFER}
  AND ($5::uuid IS NULL OR t.from_facility = $5 OR t.to_facility = $5)
  AND ($6::text IS NULL OR starts_with(t.from_area, $6) OR starts_with(t.to_area, $6))
  AND ($7::uuid IS NULL OR t.incident_id = $7)
  AND ($8::text[] IS NULL OR t.status::text = ANY($8))`;

/**
 * The transfers of all patients who ever went from or to the facilities $2 or are in them now: a caller who sees by
 * facility alone sees no others. So the cost of their list depends on their facilities, and not on the whole table.
 * OFFSET 0 keeps it so: a plan for all filters expects so few transfers that it would read every one of them instead.
 */
const OF_FACILITIES = `
FROM (SELECT patient_id FROM transfer WHERE from_facility = ${anyOf('$2')}
      UNION SELECT patient_id FROM transfer WHERE to_facility = ${anyOf('$2')}
      UNION SELECT id FROM patient WHERE facility_id = ${anyOf('$2')}) AS known (patient)
CROSS JOIN LATERAL (SELECT * FROM transfer WHERE patient_id = known.patient OFFSET 0) AS t
CROSS JOIN LATERAL (SELECT * FROM patient WHERE id = known.patient OFFSET 0) AS p`;

const page = (from: string) => `
SELECT ${COLUMNS}, t.created_at AS at ${from} WHERE ${MATCHES}
  AND ($9::timestamptz IS NULL OR (t.created_at, t.seq) > ($9, ${seqOf('transfer', '$10')}))
ORDER BY t.created_at, t.seq LIMIT $11`;
const counted = (from: string) => `SELECT count(*)::int AS count ${from} WHERE ${MATCHES}`;

/** A page of transfers and the number of all, for callers who see transfers by their facilities alone, and for all others. */
export const LISTS = {
  ofFacilities: {
    page: { name: 'transfer-page-of-facilities', text: page(OF_FACILITIES) },
    counted: { name: 'transfers-counted-of-facilities', text: counted(OF_FACILITIES) },
  },
  ofAll: {
    page: { name: 'transfer-page', text: page(OF_ALL) },
    counted: { name: 'transfers-counted', text: counted(OF_ALL) },
  },
};

export const STEPS_OF_TRANSFERS = {
  name: 'steps-of-transfers',
  text: `
SELECT ${STEP} FROM transfer_step s
WHERE s.transfer_id = ${anyOf('$1')} ORDER BY s.transfer_id, s.position`,
};

/**
 * The steps of the newest act $3 that actor $2 took in transfer $1 with the reason $4 and, unless null, the destination $5:
 * one act may lead through several statuses. Steps of an erased patient have no reason any more.
 */
export const OWN_STEPS = {
  name: 'own-steps',
  text: `
WITH own AS (
  SELECT * FROM transfer_step
  WHERE transfer_id = $1 AND by = $2 AND act = $3 AND ($5::uuid IS NULL OR facility = $5)
    AND (reason IS NOT DISTINCT FROM $4 OR reason IS NULL AND EXISTS (
      SELECT FROM transfer t JOIN patient p ON p.id = t.patient_id WHERE t.id = $1 AND p.erased_at IS NOT NULL))
)
SELECT ${STEP}, s.attempt FROM own s
WHERE (s.attempt, s.at) = (SELECT attempt, at FROM own ORDER BY position DESC LIMIT 1) ORDER BY s.position`,
};

export const APPROVALS_OF_TRANSFERS = {
  name: 'approvals-of-transfers',
  text: `
SELECT ${APPROVAL} FROM transfer_approval a
WHERE a.transfer_id = ${anyOf('$1')} ORDER BY a.transfer_id, a.at, a.seq`,
};

/** A patient whom the caller may see, locked until the transaction ends. */
export const PATIENT_TO_MOVE = {
  name: 'patient-to-move',
  text: `
SELECT ${PATIENT}, coalesce(f.area, p.area) AS "fromArea"
FROM patient p LEFT JOIN facility_place f ON f.id = p.facility_id
WHERE p.id = $3 AND may_see(p.id, p.area, $1::text[], $2::uuid[]) FOR UPDATE OF p`,
};

/** The transfer of patient $3 that has not ended, for callers who see the patient. */
export const ACTIVE_TRANSFER = {
  name: 'active-transfer',
  text: `
SELECT t.id ${OF_ALL}
WHERE t.patient_id = $3 AND t.status NOT IN ('REJECTED', 'HANDED_OVER', 'CANCELLED', 'DIED') AND ${SEES_PATIENT}`,
};

/**
 * Whether another transfer under way uses a reserved slot, or any has released or used it: its call of capacity may
 * still be pending, and would end the reservation of a transfer that names it now.
 */
export const RESERVATION_USED = {
  name: 'reservation-used',
  text: `
SELECT FROM transfer WHERE reservation_item = $1::uuid AND id IS DISTINCT FROM $2::uuid
  AND status NOT IN ('REJECTED', 'HANDED_OVER', 'CANCELLED', 'DIED')
UNION ALL SELECT FROM job WHERE input ->> 'item' = ($1::uuid)::text
  AND input ->> 'operation' IN ('RELEASE', 'REDEEM')`,
};
