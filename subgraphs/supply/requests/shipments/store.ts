import type DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import { listLoader, rowLoader } from '../../../../shared/database/index.js';
import { runOnce } from '../../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { isRefused, isUuid } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import type {
  DeclareShipmentLostInput,
  DispatchShipmentInput,
  ReceiveShipmentInput,
  RejectShipmentInput,
  ReturnShipmentInput,
  StorageNeed,
} from '../../generated/graphql.js';
import { bookMovements, type MovementFollower } from '../../stocks/index.js';
import type { Holder, Movement } from '../../stocks/rules.js';
import type { HolderColumns } from '../access/rules.js';
import { unknownCommitment } from '../commitments/rules.js';
import { applyStep, type CommitmentRow, type Ledger, lockLedger } from '../ledger/index.js';
import {
  dispatch,
  inTransitOf,
  isExceeded,
  type LedgerChange,
  lose,
  receive,
  reject,
  sendBack,
} from '../ledger/rules.js';
import { refusalIfExpired } from '../offers/rules.js';
import { lockRoom, useRoom } from '../storage/index.js';
import type { SupplyRequestStore } from '../supply-requests/index.js';
import type { ShipmentRow } from './rows.js';
import { commitmentExceeded, judgeStorage, shipmentExceeded, unknownShipment } from './rules.js';
import * as statements from './statements.js';

/** A shipment by its id; its fields are read when a query selects them. */
export interface ShipmentRef {
  id: string;
}

/** The item of a line, as far as a delivery depends on it. */
export interface ShippedItem {
  id: string;
  storage: StorageNeed;
}

/** Dispatches, receives and returns shipments. The callers of its methods check the right. */
export class ShipmentStore {
  readonly #db: Pool;
  readonly #requests: SupplyRequestStore;
  readonly #follower: MovementFollower;
  readonly #caller: Caller;
  readonly #now: Date;
  /** Runs after the commit of the step that is being done. */
  #committed = () => {};
  readonly #byId: DataLoader<string, ShipmentRow | undefined>;
  readonly #ofCommitment: DataLoader<string, ShipmentRow[]>;

  constructor(
    { pool }: Database,
    { requests, follower }: { requests: SupplyRequestStore; follower: MovementFollower },
    caller: Caller,
    now: Date,
  ) {
    this.#db = pool;
    this.#requests = requests;
    this.#follower = follower;
    this.#caller = caller;
    this.#now = now;
    this.#byId = rowLoader(
      async (ids) =>
        (await pool.query<ShipmentRow>({ ...statements.SHIPMENTS_BY_ID, values: [ids] })).rows,
      ({ id }) => id,
    );
    this.#ofCommitment = listLoader(
      async (ids) =>
        (await pool.query<ShipmentRow>({ ...statements.SHIPMENTS_OF_COMMITMENTS, values: [ids] }))
          .rows,
      ({ commitmentId }) => commitmentId,
    );
  }

  of(commitment: string): Promise<ShipmentRow[]> {
    return this.#ofCommitment.load(commitment);
  }

  /** Returns the shipment with its request and commitment; undefined if there is none or the caller may not see it. */
  async find(id: string) {
    const shipment = await load(this.#db, id);
    const request = shipment && (await this.#requests.find(shipment.requestId));
    for (const line of request?.lines ?? []) {
      const commitment = line.commitments.find((one) => one.id === shipment!.commitmentId);
      if (commitment) return { shipment: shipment!, request: request!, line, commitment };
    }
    return undefined;
  }

  /** Returns a shipment that is known to exist and that the caller may see. */
  async get({ id }: ShipmentRef): Promise<ShipmentRow> {
    const shipment = await this.#byId.load(id);
    if (!shipment) throw new Error(`Supply shipment ${id} has vanished.`);
    return shipment;
  }

  /** Dispatches a part of a commitment: locks the request, then the receiver's storage, then the sender's stock. */
  dispatch(input: DispatchShipmentInput, { requestId }: CommitmentRow, item: ShippedItem) {
    return this.#runOnce('dispatchShipment', input, async (db) => {
      const { quantity, unit, batch = null, expectedAt = null } = input;
      const ledger = await lockLedger(db, requestId);
      const commitment = ledger?.commitments.find(({ id }) => id === input.commitment);
      if (!ledger || !commitment) return unknownCommitment(input.commitment);
      const change = dispatch(commitment, quantity);
      if (isExceeded(change)) return commitmentExceeded(change, quantity, unit);
      const room = await lockRoom(db, ledger.request.facilityId, item.storage, unit);
      const refusal = judgeStorage(room, { quantity, unit, need: item.storage });
      if (refusal) return refusal;
      const usableUntil = await usableUntilOf(db, holderOf(commitment), item.id, batch);
      const arrival = expectedAt ?? commitment.expectedAt;
      const expired = arrival !== null && refusalIfExpired(usableUntil, arrival);
      if (expired) return expired;
      const { rows } = await db.query<{ id: string }>({
        ...statements.STORE_SHIPMENT,
        values: [
          requestId,
          commitment.id,
          null,
          batch,
          usableUntil,
          quantity,
          expectedAt,
          this.#now,
        ],
      });
      const { id } = rows[0]!;
      await this.#apply(db, ledger, { act: 'DISPATCH', commitment, change, quantity });
      const issue = { kind: 'ISSUE' as const, quantity, batch, shipment: id };
      return this.#booked(db, { ...issue, holder: holderOf(commitment), item: item.id }, id);
    });
  }

  /** Receives a part of a shipment: at the facility, or of a return at who had sent the delivery. */
  receive(input: ReceiveShipmentInput, { requestId }: ShipmentRow, item: ShippedItem) {
    return this.#runOnce('receiveShipment', input, async (db) => {
      const { quantity, unit } = input;
      const found = await lockShipment(db, requestId, input.shipment);
      if (!found) return unknownShipment(input.shipment);
      const { ledger, shipment, commitment } = found;
      const change = receive(shipment, quantity);
      if (isExceeded(change)) return shipmentExceeded(change, quantity, unit);
      const isReturn = shipment.returnsId !== null;
      const at = input.arrivedAt ?? this.#now;
      const values = [shipment.id, quantity, 0, 0, at, 0];
      await db.query({ ...statements.CHANGE_SHIPMENT, values });
      const { facilityId } = ledger.request;
      const receiver = isReturn ? holderOf(commitment) : { facility: facilityId };
      await this.#apply(
        db,
        ledger,
        isReturn
          ? { act: 'RECEIVE_RETURN', commitment, quantity }
          : { act: 'RECEIVE', commitment, change, quantity },
      );
      if (!isReturn) await useRoom(db, facilityId, item.storage, unit, quantity);
      const usableUntil = input.usableUntil ?? shipment.usableUntil;
      const { batch } = shipment;
      const receipt = { kind: 'RECEIPT' as const, quantity, batch, usableUntil, at };
      return this.#booked(
        db,
        { ...receipt, holder: receiver, item: item.id, shipment: shipment.id, isReturn },
        shipment.id,
      );
    });
  }

  /** Rejects a part of a shipment that arrived: it travels back as a shipment of its own, or is destroyed, and no stock changes. */
  reject(input: RejectShipmentInput, { requestId }: ShipmentRow) {
    return this.#runOnce('rejectShipment', input, async (db) => {
      const { quantity, unit, handling } = input;
      const found = await lockShipment(db, requestId, input.shipment);
      if (!found) return unknownShipment(input.shipment);
      const { ledger, shipment, commitment } = found;
      const change = reject(shipment, quantity);
      if (isExceeded(change)) return shipmentExceeded(change, quantity, unit);
      const values = [shipment.id, 0, 0, 0, null, quantity];
      await db.query({ ...statements.CHANGE_SHIPMENT, values });
      if (handling === 'SEND_BACK') {
        const { batch, usableUntil } = shipment;
        await db.query({
          ...statements.STORE_SHIPMENT,
          values: [
            requestId,
            commitment.id,
            shipment.id,
            batch,
            usableUntil,
            quantity,
            null,
            this.#now,
          ],
        });
      }
      const reason = input.reason.trim();
      const step = { act: 'REJECT' as const, commitment, quantity, reason };
      // A return is no part of what the line has in transit.
      const isReturn = shipment.returnsId !== null;
      await this.#apply(db, ledger, isReturn ? step : { ...step, change });
      return { __typename: 'SupplyShipment' as const, id: shipment.id };
    });
  }

  /** Sends back a part of what was received of a delivery. */
  sendBack(input: ReturnShipmentInput, { requestId }: ShipmentRow, item: ShippedItem) {
    return this.#runOnce('returnShipment', input, async (db) => {
      const { quantity, unit, reason } = input;
      const found = await lockShipment(db, requestId, input.shipment);
      if (!found || found.shipment.returnsId !== null) return unknownShipment(input.shipment);
      const { ledger, shipment, commitment } = found;
      const change = sendBack(shipment, quantity);
      if (isExceeded(change)) return shipmentExceeded(change, quantity, unit);
      const { batch, usableUntil } = shipment;
      await db.query({
        ...statements.CHANGE_SHIPMENT,
        values: [shipment.id, 0, 0, quantity, null, 0],
      });
      const { rows } = await db.query<{ id: string }>({
        ...statements.STORE_SHIPMENT,
        values: [
          requestId,
          commitment.id,
          shipment.id,
          batch,
          usableUntil,
          quantity,
          null,
          this.#now,
        ],
      });
      const { id } = rows[0]!;
      const step = { act: 'SEND_BACK' as const, commitment, change, quantity };
      await this.#apply(db, ledger, { ...step, reason: reason.trim() });
      const facility = ledger.request.facilityId;
      await useRoom(db, facility, item.storage, unit, -quantity);
      const issue = { kind: 'ISSUE' as const, quantity, batch, shipment: id, isReturn: true };
      return this.#booked(db, { ...issue, holder: { facility }, item: item.id }, id);
    });
  }

  /** Declares lost what of a shipment is in transit; nothing changes if that is nothing. */
  declareLost(input: DeclareShipmentLostInput, { requestId }: ShipmentRow) {
    return this.#runOnce('declareShipmentLost', input, async (db) => {
      const found = await lockShipment(db, requestId, input.shipment);
      if (!found) return unknownShipment(input.shipment);
      const { ledger, shipment, commitment } = found;
      const quantity = inTransitOf(shipment);
      if (quantity > 0) {
        const values = [shipment.id, 0, quantity, 0, null, 0];
        await db.query({ ...statements.CHANGE_SHIPMENT, values });
        const step = { act: 'LOSE' as const, commitment, quantity, reason: input.reason.trim() };
        const isReturn = shipment.returnsId !== null;
        await this.#apply(db, ledger, isReturn ? step : { ...step, change: lose(shipment) });
      }
      return { __typename: 'SupplyShipment' as const, id: shipment.id };
    });
  }

  /** Books the movement that belongs to a step; one that is refused undoes the step. */
  async #booked(db: PoolClient, movement: Omit<Movement, 'reason'>, id: string) {
    const booking = { by: actorOf(this.#caller), now: this.#now, follower: this.#follower };
    const booked = await bookMovements(db, [{ ...movement, reason: null }], booking);
    const [outcome] = booked.outcomes;
    this.#committed = booked.committed;
    return isRefused(outcome!) ? outcome : { __typename: 'SupplyShipment' as const, id };
  }

  #apply(
    db: PoolClient,
    ledger: Ledger,
    step: {
      act: 'DISPATCH' | 'RECEIVE' | 'RECEIVE_RETURN' | 'REJECT' | 'SEND_BACK' | 'LOSE';
      commitment: CommitmentRow;
      quantity: number;
      change?: LedgerChange;
      reason?: string;
    },
  ): Promise<void> {
    const line = ledger.lines.find(({ id }) => id === step.commitment.lineId)!;
    return applyStep(db, ledger, { ...step, line, by: actorOf(this.#caller), at: this.#now });
  }

  async #runOnce<Outcome extends object>(
    field: string,
    input: { idempotencyKey: string },
    act: (db: PoolClient) => Promise<Outcome>,
  ) {
    const call = { caller: this.#caller, field, input, now: this.#now };
    this.#committed = () => {};
    const outcome = await runOnce(this.#db, call, act);
    if (!isRefused(outcome)) this.#committed();
    this.#requests.forget();
    this.#byId.clearAll();
    this.#ofCommitment.clearAll();
    return outcome;
  }
}

async function load(db: Pool | PoolClient, id: string): Promise<ShipmentRow | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await db.query<ShipmentRow>({ ...statements.SHIPMENTS_BY_ID, values: [[id]] });
  return rows[0];
}

/** Locks the request of a shipment and returns the shipment as it is under the lock. */
async function lockShipment(db: PoolClient, requestId: string, id: string) {
  const ledger = await lockLedger(db, requestId);
  const shipment = await load(db, id);
  const commitment = ledger?.commitments.find((one) => one.id === shipment?.commitmentId);
  return ledger && shipment && commitment ? { ledger, shipment, commitment } : undefined;
}

function holderOf({ organisationId, facilityId }: HolderColumns): Holder {
  return organisationId === null ? { facility: facilityId! } : { organisation: organisationId };
}

async function usableUntilOf(
  db: PoolClient,
  sender: Holder,
  item: string,
  batch: string | null,
): Promise<Date | null> {
  if (batch === null) return null;
  const id = 'facility' in sender ? sender.facility : sender.organisation;
  const { rows } = await db.query<{ usableUntil: Date | null }>({
    ...statements.USABLE_UNTIL,
    values: [id, item, batch],
  });
  return rows[0]?.usableUntil ?? null;
}
