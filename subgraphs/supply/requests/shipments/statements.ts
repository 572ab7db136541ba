import { anyOf, omit, selectionOf } from '../../../../shared/database/index.js';
import { supplyShipmentColumns } from '../../generated/columns.js';

const SHIPMENT = selectionOf(omit(supplyShipmentColumns, 'seq'), 's');

/** Shipments by id. Every change of one holds the lock of its request. */
export const SHIPMENTS_BY_ID = {
  name: 'supply-shipments-by-id',
  text: `SELECT ${SHIPMENT} FROM supply_shipment s WHERE s.id = ${anyOf('$1')}`,
};

export const SHIPMENTS_OF_COMMITMENTS = {
  name: 'supply-shipments-of-commitments',
  text: `SELECT ${SHIPMENT} FROM supply_shipment s WHERE s.commitment_id = ${anyOf('$1')} ORDER BY s.dispatched_at, s.seq`,
};

/** A shipment of request $1 and commitment $2; $3 the delivery that it takes back, or null; $4 the batch, $5 until when it may be used. */
export const STORE_SHIPMENT = {
  name: 'store-supply-shipment',
  text: `
INSERT INTO supply_shipment (request_id, commitment_id, returns_id, batch, usable_until, quantity, expected_at, dispatched_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
};

/** Adds to the quantities of shipment $1: $2 received at $5, $3 lost, $4 returned, $6 rejected. */
export const CHANGE_SHIPMENT = {
  name: 'change-supply-shipment',
  text: `
UPDATE supply_shipment SET received = received + $2::numeric, lost = lost + $3::numeric, returned = returned + $4::numeric,
  rejected = rejected + $6::numeric, received_at = coalesce($5, received_at)
WHERE id = $1`,
};

/** Until when the batch $3 of item $2 may be used, as holder $1 has it in stock. */
export const USABLE_UNTIL = {
  name: 'supply-batch-usable-until',
  text: `
SELECT b.usable_until AS "usableUntil" FROM stock s JOIN stock_batch b ON b.stock_id = s.id
WHERE s.holder_id = $1 AND s.item_id = $2 AND b.batch = $3`,
};
