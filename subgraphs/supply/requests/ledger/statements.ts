import { anyOf, omit, selectionOf } from '../../../../shared/database/index.js';
import {
  supplyCommitmentColumns,
  supplyLineColumns,
  supplyRequestColumns,
  supplyStepColumns,
} from '../../generated/columns.js';

const REQUEST = selectionOf(omit(supplyRequestColumns, 'seq'), 'r');
const LINE = selectionOf(supplyLineColumns, 'l');
const COMMITMENT = selectionOf(omit(supplyCommitmentColumns, 'committedBy', 'seq'), 'c');
const STEP = selectionOf(omit(supplyStepColumns, 'seq'), 's');

export const REQUESTS_BY_ID = {
  name: 'supply-requests-by-id',
  text: `SELECT ${REQUEST} FROM supply_request r WHERE r.id = ${anyOf('$1')}`,
};

/** A request, locked until the transaction ends. Every step of it holds this lock. */
export const REQUEST_LOCKED = {
  name: 'supply-request-locked',
  text: `SELECT ${REQUEST} FROM supply_request r WHERE r.id = $1 FOR UPDATE`,
};

export const LINES_OF_REQUESTS = {
  name: 'supply-lines-of-requests',
  text: `SELECT ${LINE} FROM supply_line l WHERE l.request_id = ${anyOf('$1')} ORDER BY l.request_id, l.position`,
};

export const COMMITMENTS_OF_REQUESTS = {
  name: 'supply-commitments-of-requests',
  text: `SELECT ${COMMITMENT} FROM supply_commitment c WHERE c.request_id = ${anyOf('$1')}
ORDER BY c.request_id, c.committed_at, c.seq`,
};

export const STEPS_OF_REQUESTS = {
  name: 'supply-steps-of-requests',
  text: `SELECT ${STEP} FROM supply_step s WHERE s.request_id = ${anyOf('$1')} ORDER BY s.request_id, s.seq`,
};

/** Adds to the quantities of line $1 and, unless null, of commitment $2: $3 to the committed, $4 to those in transit, $5 to the delivered. */
export const CHANGE_QUANTITIES = {
  name: 'change-supply-quantities',
  text: `
WITH commitment AS (
  UPDATE supply_commitment SET quantity = quantity + $3::numeric, in_transit = in_transit + $4::numeric, delivered = delivered + $5::numeric
  WHERE id = $2::uuid
)
UPDATE supply_line SET committed = committed + $3::numeric, in_transit = in_transit + $4::numeric, delivered = delivered + $5::numeric
WHERE id = $1::uuid`,
};

/** Stores where request $1 stands, $2, and when it was acknowledged, $3, or cancelled, $4; it waits for nobody when $5 is false. */
export const STORE_STATUS = {
  name: 'store-supply-status',
  text: `
UPDATE supply_request SET status = $2::"SupplyRequestStatus", acknowledged_at = $3, cancelled_at = $4,
  acknowledge_until = CASE WHEN $5 THEN acknowledge_until END
WHERE id = $1`,
};

export const STORE_STEP = {
  name: 'store-supply-step',
  text: `
INSERT INTO supply_step (request_id, act, at, by, line_id, commitment_id, quantity, reason)
VALUES ($1, $2::"SupplyAct", $3, $4, $5, $6, $7, $8)`,
};
