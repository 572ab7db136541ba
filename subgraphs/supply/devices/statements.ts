import {
  namesOf,
  omit,
  overwritesOf,
  pick,
  recordsOf,
  selectionOf,
} from '../../../shared/database/index.js';
import { seqOf } from '../../../shared/lists/index.js';
import {
  deviceFaultBedsColumns,
  deviceFaultColumns,
  deviceFaultStepColumns,
} from '../generated/columns.js';

const FAULT_COLUMNS = omit(deviceFaultColumns, 'seq');
const FAULT = selectionOf(FAULT_COLUMNS, 'd');

/** Columns of a new fault. */
export const NEW_FAULT = omit(deviceFaultColumns, 'seq', 'id');
/** Columns that steps change. */
export const CHANGED = pick(
  deviceFaultColumns,
  ...(['id', 'status', 'resolution', 'expectedRepairAt', 'acknowledgeUntil'] as const),
  ...(['acknowledgedAt', 'technicianAt', 'closedAt'] as const),
);
export const NEW_STEP = omit(deviceFaultStepColumns, 'seq');

export const FAULTS_BY_ID = {
  name: 'device-faults-by-id',
  text: `SELECT ${FAULT} FROM device_fault d WHERE d.id = ANY ($1::uuid[])`,
};

export const FAULTS_OF_FACILITIES = {
  name: 'device-faults-of-facilities',
  text: `SELECT ${FAULT} FROM device_fault d WHERE d.facility_id = ANY ($1::uuid[]) ORDER BY d.facility_id, d.since, d.seq`,
};

export const BEDS_OF_FAULTS = {
  name: 'beds-of-device-faults',
  text: `SELECT ${selectionOf(deviceFaultBedsColumns, 'b')} FROM device_fault_beds b WHERE b.fault_id = ANY ($1::uuid[]) ORDER BY b.fault_id, b.category`,
};

export const STEPS_OF_FAULTS = {
  name: 'steps-of-device-faults',
  text: `SELECT ${selectionOf(NEW_STEP, 's')} FROM device_fault_step s WHERE s.fault_id = ANY ($1::uuid[]) ORDER BY s.fault_id, s.seq`,
};

/** Of facilities $1, in areas $2, of service partners $3 the caller sees faults; $4 area, $5 facility, $6 partner, $7 kinds, $8 statuses, $9 escalated. */
const MATCHES = `(d.facility_id = ANY ($1::uuid[]) OR d.service_partner_id = ANY ($3::uuid[])
    OR EXISTS (SELECT FROM unnest($2::text[]) AS a WHERE starts_with(d.area, a)))
  AND starts_with(d.area, $4)
  AND ($5::uuid IS NULL OR d.facility_id = $5)
  AND ($6::uuid IS NULL OR d.service_partner_id = $6)
  AND ($7::text[] IS NULL OR d.kind::text = ANY ($7))
  AND ($8::text[] IS NULL OR d.status::text = ANY ($8))
  AND ($9::boolean IS NULL OR $9 = (d.escalated_at IS NOT NULL AND d.acknowledged_at IS NULL))`;

/** $10 and $11 instant and id of the fault before the page; $12 the length of the page. */
export const FAULTS_PAGE = {
  name: 'device-faults-page',
  text: `
SELECT d.id, d.reported_at AS at FROM device_fault d
WHERE ${MATCHES} AND ($10::timestamptz IS NULL OR (d.reported_at, d.seq) < ($10, ${seqOf('device_fault', '$11')}))
ORDER BY d.reported_at DESC, d.seq DESC LIMIT $12`,
};

export const FAULTS_COUNTED = {
  name: 'device-faults-counted',
  text: `SELECT count(*)::int AS count FROM device_fault d WHERE ${MATCHES}`,
};

/** Every change of faults of a facility locks it first, as every change of its lifelines does: it declares their beds to capacity. */
export const LOCK_FACILITIES = {
  name: 'lock-facilities-for-devices',
  text: 'SELECT f.id FROM facility f WHERE f.id = ANY ($1::uuid[]) ORDER BY f.id FOR NO KEY UPDATE',
};

export const FACILITY_OF_FAULT = {
  name: 'facility-of-device-fault',
  text: 'SELECT d.facility_id AS "facilityId" FROM device_fault d WHERE d.id = $1',
};

export const STORE_FAULT = {
  name: 'store-device-fault',
  text: `INSERT INTO device_fault (${namesOf(NEW_FAULT)}) SELECT ${namesOf(NEW_FAULT)} FROM ${recordsOf(NEW_FAULT, 1)} AS given RETURNING ${selectionOf(FAULT_COLUMNS, 'device_fault')}`,
};

export const STORE_BEDS = {
  name: 'store-device-fault-beds',
  text: `
INSERT INTO device_fault_beds (${namesOf(deviceFaultBedsColumns)})
SELECT ${namesOf(deviceFaultBedsColumns)} FROM ${recordsOf(deviceFaultBedsColumns, 1)} AS given
ON CONFLICT (fault_id, category) DO UPDATE SET ${overwritesOf(pick(deviceFaultBedsColumns, 'intact'))}`,
};

export const STORE_STEPS = {
  name: 'store-device-fault-steps',
  text: `INSERT INTO device_fault_step (${namesOf(NEW_STEP)}) SELECT ${namesOf(NEW_STEP)} FROM ${recordsOf(NEW_STEP, 1)} AS given ORDER BY ordinality`,
};

export const CHANGE_FAULT = {
  name: 'change-device-fault',
  text: `
UPDATE device_fault d SET (${namesOf(omit(CHANGED, 'id'))}) = ROW (${namesOf(omit(CHANGED, 'id'), 'given')})
FROM ${recordsOf(CHANGED, 1)} AS given WHERE d.id = given.id`,
};

export const SET_ASSESSED = {
  name: 'set-device-fault-assessed',
  text: 'UPDATE device_fault SET assessed_at = $2 WHERE id = $1',
};

/** Beds that open faults of facilities $1 take, and those that closed ones took when one of the open ones began. */
export const MISSING_BEDS = {
  name: 'beds-missing-by-device-faults',
  text: `
SELECT d.id AS "faultId", d.facility_id AS "facilityId", d.since, d.closed_at AS "closedAt", d.source, b.category, b.missing, b.intact
FROM device_fault d JOIN device_fault_beds b ON b.fault_id = d.id
WHERE d.facility_id = ANY ($1::uuid[]) AND (d.closed_at IS NULL OR d.closed_at > (
  SELECT min(o.since) FROM device_fault o WHERE o.facility_id = d.facility_id AND o.closed_at IS NULL))
ORDER BY d.since, d.seq`,
};

/** Faults that nobody has acknowledged by $1; another process's are skipped. */
export const ESCALATE = {
  name: 'escalate-device-faults',
  text: `
WITH due AS (
  SELECT id FROM device_fault WHERE acknowledge_until <= $1 AND escalated_at IS NULL
  ORDER BY acknowledge_until, id FOR UPDATE SKIP LOCKED LIMIT 500)
UPDATE device_fault d SET escalated_at = $1 FROM due WHERE d.id = due.id RETURNING ${FAULT}`,
};
