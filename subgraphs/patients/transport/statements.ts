const COLUMNS = `v.id, v.call_sign AS "callSign", v.means::text, v.area, v.physician, v.ventilator, v.status AS "radioStatus",
  v.status_at AS "radioStatusAt"`;

/** Patients a vehicle is sent for or carries; whoever has arrived no longer takes a place. */
const OF_VEHICLE = `status IN ('TRANSPORT_ASSIGNED', 'PICKED_UP', 'UNDER_WAY', 'DIVERTED')`;

/**
 * $1 the call sign; $2 the areas of the caller, $3 and $4 whose patients he may know of. A vehicle he may not see is as good
 * as none.
 */
export const VEHICLE_BY_CALL_SIGN = `
SELECT ${COLUMNS} FROM vehicle v WHERE v.call_sign = $1 AND (
  EXISTS (SELECT FROM unnest($2::text[]) AS a WHERE starts_with(v.area, a))
  OR EXISTS (SELECT FROM transfer t JOIN patient p ON p.id = t.patient_id
             WHERE t.vehicle_id = v.id AND t.${OF_VEHICLE} AND may_see(p.id, p.area, $3, $4)))`;

export const VEHICLES_BY_ID = `SELECT ${COLUMNS} FROM vehicle v WHERE v.id = ANY ($1::uuid[])`;

/** The transfers of vehicles whose patients the caller may see. */
export const TRANSFERS_OF_VEHICLES = `
SELECT t.vehicle_id AS vehicle, t.id FROM transfer t JOIN patient p ON p.id = t.patient_id
WHERE t.vehicle_id = ANY ($1::uuid[]) AND t.${OF_VEHICLE} AND may_see(p.id, p.area, $2, $3)
ORDER BY t.created_at, t.id`;

const REPORT = 'r.status, r.at, r.by, r.inconsistency::text';

/** The newest $2 of each vehicle. */
export const REPORTS_OF_VEHICLES = `
SELECT v.id AS key, ${REPORT} FROM unnest($1::uuid[]) AS v (id), LATERAL (
  SELECT * FROM vehicle_report WHERE vehicle_id = v.id ORDER BY at DESC, seq DESC LIMIT $2
) AS r`;

export const INCONSISTENCIES_OF_VEHICLES = `
SELECT v.id AS key, ${REPORT} FROM unnest($1::uuid[]) AS v (id), LATERAL (
  SELECT * FROM vehicle_report WHERE vehicle_id = v.id AND inconsistency IS NOT NULL
  ORDER BY at DESC, seq DESC LIMIT $2
) AS r`;

export const INCONSISTENCIES_OF_TRANSFERS = `
SELECT t.id AS key, ${REPORT} FROM unnest($1::uuid[]) AS t (id), LATERAL (
  SELECT * FROM vehicle_report WHERE transfers @> ARRAY[t.id] AND inconsistency IS NOT NULL
  ORDER BY at DESC, seq DESC LIMIT $2
) AS r`;

/**
 * Makes a vehicle known that is not. $3 is its area; without it the one that the transfer $4 starts from, which is not
 * locked for that: where a transfer starts from never changes.
 */
export const MEET_VEHICLE = `
INSERT INTO vehicle (call_sign, means, area, physician, ventilator)
VALUES ($1, $2, coalesce($3, (SELECT from_area FROM transfer WHERE id = $4), ''), false, false)
ON CONFLICT (call_sign) DO NOTHING`;

export const VEHICLE_LOCKED = `SELECT ${COLUMNS} FROM vehicle v WHERE v.call_sign = $1 FOR UPDATE`;

/** How many places of the vehicle $1 others than the transfers $2 take. */
export const PLACES_TAKEN = `
SELECT count(*)::int AS taken FROM transfer
WHERE vehicle_id = $1 AND ${OF_VEHICLE} AND NOT id = ANY ($2::uuid[])`;

/** The patients of transfers, as far as their transport is concerned. */
export const PASSENGERS = `
SELECT t.id AS transfer, p.category::text, p.needs::text[], p.ventilated, p.physician_escort AS "physicianEscort",
  t.from_facility IS NULL AS "fromScene"
FROM transfer t JOIN patient p ON p.id = t.patient_id WHERE t.id = ANY ($1::uuid[])`;

export const MAN_VEHICLE = 'UPDATE vehicle SET physician = $2, ventilator = $3 WHERE id = $1';

export const IS_REPORTED =
  'SELECT FROM vehicle_report WHERE vehicle_id = $1 AND status = $2 AND at = $3';

/** The last movement of a vehicle; $2 are the statuses that are one. */
export const LAST_MOVEMENT = `
SELECT status FROM vehicle_report WHERE vehicle_id = $1 AND status = ANY ($2::int[])
ORDER BY at DESC, seq DESC LIMIT 1`;

export const IDS_OF_VEHICLE = `SELECT id FROM transfer WHERE vehicle_id = $1 AND ${OF_VEHICLE}`;

export const STORE_REPORT = `
INSERT INTO vehicle_report (vehicle_id, status, at, by, inconsistency, transfers) VALUES ($1, $2, $3, $4, $5, $6::uuid[])`;

export const MOVE_VEHICLE = 'UPDATE vehicle SET status = $2, status_at = $3 WHERE id = $1';
