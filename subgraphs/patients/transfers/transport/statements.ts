import { anyOf, pick, selectionOf } from '../../../../shared/database/index.js';
import { patientColumns, vehicleColumns, vehicleReportColumns } from '../../generated/columns.js';

const COLUMNS = selectionOf(vehicleColumns, 'v');

/** Patients for whom a vehicle is sent or whom it carries; after the arrival they no longer count. */
const OF_VEHICLE = `status IN ('TRANSPORT_ASSIGNED', 'PICKED_UP', 'UNDER_WAY', 'DIVERTED')`;

/**
 * $1 the call sign; $2 the areas of the caller, $3 and $4 the visibility of patients for the caller. A vehicle that the
 * caller may not see looks like none.
 */
export const VEHICLE_BY_CALL_SIGN = {
  name: 'vehicle-by-call-sign',
  text: `
SELECT ${COLUMNS} FROM vehicle v WHERE v.call_sign = $1 AND (
  EXISTS (SELECT FROM unnest($2::text[]) AS a WHERE starts_with(v.area, a))
  OR EXISTS (SELECT FROM transfer t JOIN patient p ON p.id = t.patient_id
             WHERE t.vehicle_id = v.id AND t.${OF_VEHICLE} AND may_see(p.id, p.area, $3, $4)))`,
};

/** The transfers of vehicles whose patients the caller may see. */
export const TRANSFERS_OF_VEHICLES = {
  name: 'transfers-of-vehicles',
  text: `
SELECT t.vehicle_id AS vehicle, t.id FROM transfer t JOIN patient p ON p.id = t.patient_id
WHERE t.vehicle_id = ${anyOf('$1')} AND t.${OF_VEHICLE} AND may_see(p.id, p.area, $2, $3)
ORDER BY t.created_at, t.seq`,
};

const REPORT = selectionOf(pick(vehicleReportColumns, 'status', 'at', 'by', 'inconsistency'), 'r');

/** The newest $2 of each vehicle. */
export const REPORTS_OF_VEHICLES = {
  name: 'reports-of-vehicles',
  text: `
SELECT v.id AS key, ${REPORT} FROM unnest($1::uuid[]) AS v (id), LATERAL (
  SELECT * FROM vehicle_report WHERE vehicle_id = v.id ORDER BY at DESC, seq DESC LIMIT $2
) AS r`,
};

export const INCONSISTENCIES_OF_VEHICLES = {
  name: 'inconsistencies-of-vehicles',
  text: `
SELECT v.id AS key, ${REPORT} FROM unnest($1::uuid[]) AS v (id), LATERAL (
  SELECT * FROM vehicle_report WHERE vehicle_id = v.id AND inconsistency IS NOT NULL
  ORDER BY at DESC, seq DESC LIMIT $2
) AS r`,
};

export const INCONSISTENCIES_OF_TRANSFERS = {
  name: 'inconsistencies-of-transfers',
  text: `
SELECT t.id AS key, ${REPORT} FROM unnest($1::uuid[]) AS t (id), LATERAL (
  SELECT * FROM vehicle_report WHERE transfers @> ARRAY[t.id] AND inconsistency IS NOT NULL
  ORDER BY at DESC, seq DESC LIMIT $2
) AS r`,
};

/**
 * A vehicle, locked until the transaction ends, that is made known if it is not. $3 is its area; without it the one that the
 * transfer $4 starts from, which is not locked for that: where a transfer starts from never changes. A row that no
 * transaction ever locked or changed is new.
 */
export const LOCK_OR_ADD_VEHICLE = {
  name: 'lock-or-add-vehicle',
  text: `
INSERT INTO vehicle AS v (call_sign, means, area, physician, ventilator)
VALUES ($1, $2, coalesce($3, (SELECT from_area FROM transfer WHERE id = $4), ''), false, false)
ON CONFLICT (call_sign) DO UPDATE SET call_sign = excluded.call_sign RETURNING ${COLUMNS}, v.xmax = 0 AS "isNew"`,
};

export const VEHICLE_LOCKED = {
  name: 'vehicle-locked',
  text: `SELECT ${COLUMNS} FROM vehicle v WHERE v.call_sign = $1 FOR UPDATE`,
};

/** The number of patients of the vehicle $1 beside the transfers $2, and of those hidden from $3 and $4. */
export const CURRENT_LOAD = {
  name: 'current-load',
  text: `
SELECT count(*)::int AS patients, count(*) FILTER (WHERE NOT may_see(p.id, p.area, $3, $4))::int AS hidden
FROM transfer t JOIN patient p ON p.id = t.patient_id
WHERE t.vehicle_id = $1 AND t.${OF_VEHICLE} AND NOT t.id = ${anyOf('$2')}`,
};

/** Of the patients $1 those that $2 and $3 see. */
export const PATIENTS_SEEN = {
  name: 'patients-seen',
  text: `SELECT p.id FROM patient p WHERE p.id = ${anyOf('$1')} AND may_see(p.id, p.area, $2, $3)`,
};

const PASSENGER = selectionOf(
  pick(patientColumns, 'category', 'needs', 'ventilated', 'physicianEscort'),
  'p',
);

/** The patients of transfers, as far as their transport is concerned. */
export const PASSENGERS = {
  name: 'passengers',
  text: `
SELECT t.id AS transfer, ${PASSENGER},
  t.from_facility IS NULL AS "fromScene"
FROM transfer t JOIN patient p ON p.id = t.patient_id WHERE t.id = ${anyOf('$1')}`,
};

/** $2 leads the vehicle from now on; $3 lent it. */
export const LEAD_VEHICLE = {
  name: 'lead-vehicle',
  text: 'UPDATE vehicle SET area = $2, lent_by = $3 WHERE id = $1',
};

export const STORE_CREW = {
  name: 'store-crew',
  text: 'UPDATE vehicle SET physician = $2, ventilator = $3 WHERE id = $1',
};

/**
 * Earlier reports of the vehicle $1: whether the status $2 at $3 is stored already, and its last movement; $4 are the
 * statuses that are movements.
 */
export const REPORTED_BEFORE = {
  name: 'reported-before',
  text: `
SELECT EXISTS (SELECT FROM vehicle_report WHERE vehicle_id = $1 AND status = $2 AND at = $3) AS "isKnown",
  (SELECT status FROM vehicle_report WHERE vehicle_id = $1 AND status = ANY ($4::int[])
   ORDER BY at DESC, seq DESC LIMIT 1) AS "lastMovement"`,
};

/**
 * Stores a report. One that comes late, after a newer one, does not change what the vehicle does now. One that is sent ahead of
 * the hub's clock counts from $7 on, when it is received: what is sent after that is newer.
 */
export const STORE_REPORT = {
  name: 'store-report',
  text: `
WITH moved AS (UPDATE vehicle SET status = $2, status_at = LEAST($3, $7) WHERE id = $1 AND (status_at IS NULL OR status_at <= $3))
INSERT INTO vehicle_report (vehicle_id, status, at, by, inconsistency, transfers) VALUES ($1, $2, $3, $4, $5, $6::uuid[])`,
};
