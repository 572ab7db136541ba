import type { PoolClient } from 'pg';
import { isRefused } from '../../../../shared/validation/rules.js';
import type { StorageNeed, Unit } from '../../generated/graphql.js';
import { type Booking, bookMovements } from '../../stocks/index.js';
import { storeCommitment } from '../commitments/index.js';
import { judgeCommitment, unknownLine } from '../commitments/rules.js';
import { applyStep, lockLedger } from '../ledger/index.js';
import { lockRoom } from '../storage/index.js';
import { refusalIfOver } from '../supply-requests/rules.js';
import { judgeStorage } from './rules.js';
import { STORE_SHIPMENT } from './statements.js';

/** A quantity that an organisation sends to a line without a commitment before, on the decision of an authority. */
export interface DirectShipment {
  requestId: string;
  lineId: string;
  organisation: string;
  item: { id: string; unit: Unit; storage: StorageNeed };
  batch: string;
  quantity: number;
  expectedAt: Date;
  reason: string;
}

/**
 * Commits and dispatches a quantity in the transaction that `db` is in, and issues it from the stock of the organisation. Locks the
 * request, then the storage, then the stock. The caller has checked the right, the item of the line, and rolls back when it is refused.
 */
export async function sendDirectly(
  db: PoolClient,
  { requestId, lineId, organisation, item, batch, quantity, expectedAt, reason }: DirectShipment,
  booking: Booking,
) {
  const { by, now } = booking;
  const ledger = await lockLedger(db, requestId);
  const line = ledger?.lines.find(({ id }) => id === lineId);
  if (!ledger || !line) return unknownLine(lineId);
  const room = await lockRoom(db, ledger.request.facilityId, item.storage, item.unit);
  const refusal =
    refusalIfOver(ledger.request) ??
    judgeCommitment(line, quantity, item.unit) ??
    judgeStorage(room, { quantity, unit: item.unit, need: item.storage });
  if (refusal) return refusal;
  const holder = { organisationId: organisation, facilityId: null };
  const requested = { holder, offerId: null, quantity, expectedAt };
  const commitment = await storeCommitment(db, { ledger, line }, requested, { by, now });
  const { rows } = await db.query<{ id: string }>({
    ...STORE_SHIPMENT,
    values: [requestId, commitment.id, null, batch, null, quantity, expectedAt, now],
  });
  const { id } = rows[0]!;
  const change = { committed: 0, inTransit: quantity, delivered: 0 };
  const step = { act: 'DISPATCH' as const, by, at: now, quantity, reason };
  await applyStep(db, ledger, { ...step, line, commitment, change });
  const issue = { kind: 'ISSUE' as const, quantity, batch, reason, shipment: id };
  const movement = { ...issue, holder: { organisation }, item: item.id };
  // An issue of an organisation moves no lifeline: nothing is left to do after the commit.
  const { outcomes } = await bookMovements(db, [movement], booking);
  const [outcome] = outcomes;
  return isRefused(outcome!) ? outcome : { __typename: 'SupplyShipment' as const, id };
}
