import type { PoolClient } from 'pg';
import { idAt, recordValues } from '../../../shared/database/index.js';
import { isRefused } from '../../../shared/validation/rules.js';
import { quantityOf } from '../items/rules.js';
import {
  BATCH,
  BOOKED,
  BOOKED_STOCK,
  REMOVE_STOCKS,
  STORE_BOOKINGS,
} from './statements-booking.js';
import { type LockedStocks, lockStocks } from './store-locks.js';
import {
  applyTogether,
  bookingOf,
  type Change,
  type FacilityMovement,
  facilityMovementOf,
  isBelowDuty,
  judgeUsable,
  type Movement,
  type MovementRefusal,
  type StockState,
} from './rules.js';

/** A booking that was stored, or why it was refused. */
export type MovementOutcome = { __typename: 'StockBooking'; id: string } | MovementRefusal;

/** Follows what enters and leaves facilities of items that feed a lifeline; the module of lifelines implements it. */
export interface MovementFollower {
  /** Does in the transaction of the bookings what follows from them; returns what is called once that is committed. */
  follow(db: PoolClient, movements: readonly FacilityMovement[], now: Date): Promise<() => void>;
}

/** On whose behalf and when, and what follows from it. */
export interface Booking {
  /** Pseudonymous id of the person or the system. */
  by: string;
  now: Date;
  follower: MovementFollower;
}

/** The outcomes of movements. */
export interface BookedMovements {
  /** One for each movement or group, in their order. */
  outcomes: MovementOutcome[];
  /** To be called once the transaction is committed. */
  committed: () => void;
}

/**
 * Books movements in the transaction that `db` is in, in their order: each by itself, so that one that is refused leaves the others
 * unharmed. A caller whose movements belong together rolls back when one is refused. The stocks stay locked
 * until the transaction ends, and the facilities whose lifelines they move: call this once in it, after all other locks.
 *
 * Holders and items must exist; rights are the caller's to judge.
 */
export function bookMovements(
  db: PoolClient,
  movements: readonly Movement[],
  booking: Booking,
): Promise<BookedMovements> {
  return bookTogether(
    db,
    movements.map((movement) => [movement]),
    booking,
  );
}

/** Books groups of movements, each of which happens as a whole or not at all. */
export async function bookTogether(
  db: PoolClient,
  groups: readonly (readonly Movement[])[],
  { by, now, follower }: Booking,
): Promise<BookedMovements> {
  let committed = () => {};
  if (groups.length === 0) return { outcomes: [], committed };
  const { all, ofParts, created, storedBatches } = await lockStocks(db, groups.flat(), now);
  const wereBelow = new Set<StockState>();
  for (const stock of all) if (isBelowDuty(stock)) wereBelow.add(stock);
  const ids = new Map<Change, string>();
  const outcomes = groups.map((group): MovementOutcome => {
    const parts = group.map((movement) => ({ movement, stock: ofParts.get(movement)! }));
    const verdict = applyTogether(parts, now);
    if (isRefused(verdict)) return verdict;
    for (const change of verdict) ids.set(change, idAt(now));
    return { __typename: 'StockBooking', id: ids.get(bookingOf(verdict))! };
  });
  const changed = new Set<StockState>();
  for (const { stock } of ids.keys()) changed.add(stock);
  for (const stock of changed) judgeUsable(stock, now);
  if (ids.size > 0) {
    await store(db, ids, [...changed], wereBelow, storedBatches, { by, now });
    const moved = [...ids].flatMap(([change, id]) => facilityMovementOf(change, id) ?? []);
    if (moved.length > 0) committed = await follower.follow(db, moved, now);
  }
  for (const { id } of changed) created.delete(id);
  if (created.size > 0) await db.query(REMOVE_STOCKS, [[...created]]);
  return { outcomes, committed };
}

async function store(
  db: PoolClient,
  ids: ReadonlyMap<Change, string>,
  stocks: readonly StockState[],
  wereBelow: ReadonlySet<StockState>,
  storedBatches: LockedStocks<Movement>['storedBatches'],
  { by, now }: Omit<Booking, 'follower'>,
): Promise<void> {
  const { begun, changed } = touchedBatches([...ids.keys()], storedBatches);
  const batchOf = (batch: TouchedBatch) => batchRow(batch, now);
  await db.query({
    name: 'stocks-store-bookings',
    text: STORE_BOOKINGS,
    values: [
      now,
      by,
      ...recordValues(BOOKED, bookingRows(ids, now)),
      ...recordValues(BATCH, begun.map(batchOf)),
      ...recordValues(BATCH, changed.map(batchOf)),
      ...recordValues(
        BOOKED_STOCK,
        stocks.map((stock) => stockRow(stock, isBelowDuty(stock) && !wereBelow.has(stock))),
      ),
    ],
  });
}

/** Returns the batches that bookings changed, each once: those that are new, and those that are stored. */
function touchedBatches(
  changes: readonly Change[],
  storedBatches: LockedStocks<Movement>['storedBatches'],
): { begun: TouchedBatch[]; changed: TouchedBatch[] } {
  const touched = new Map<StockState, string[]>();
  const begun: TouchedBatch[] = [];
  const changed: TouchedBatch[] = [];
  for (const { stock, batch } of changes) {
    const known = touched.get(stock);
    if (known?.includes(batch)) continue;
    if (known) known.push(batch);
    else touched.set(stock, [batch]);
    const isStored = storedBatches.get(stock)?.includes(batch) ?? false;
    (isStored ? changed : begun).push({ stock, batch });
  }
  return { begun, changed };
}

/** The rows of bookings, as `BOOKED` has them, in their order. */
function bookingRows(ids: ReadonlyMap<Change, string>, now: Date) {
  return [...ids.keys()].map((change) => bookingRow(change, ids, now));
}

function bookingRow(change: Change, ids: ReadonlyMap<Change, string>, now: Date) {
  const { stock, movement, kind, batch, counted, reason, at, count, counterpart } = change;
  const states = isBooking(change);
  return {
    id: ids.get(change)!,
    stockId: stock.id,
    kind,
    batch,
    change: quantityOf(change.change),
    counted: quantityOrNull(counted),
    quantityAfter: quantityOf(change.quantityAfter),
    minimum: states ? movement.minimum : null,
    averageConsumption: states ? movement.averageConsumption : null,
    reason,
    shipmentId: movement.shipment,
    countId: count && ids.get(count)!,
    counterpartId: counterpart && ids.get(counterpart)!,
    at: unlessNow(at, now),
  };
}

/** The row of a batch, as `BATCH` has it. */
function batchRow({ stock, batch }: TouchedBatch, now: Date) {
  const { quantity, usableUntil, bookedTo } = stock.batches.get(batch)!;
  return {
    stockId: stock.id,
    batch,
    quantity: quantityOf(quantity),
    usableUntil,
    bookedTo: unlessNow(bookedTo, now),
  };
}

/** The row of a stock, as `BOOKED_STOCK` has it. */
function stockRow(stock: StockState, fell: boolean) {
  const { id, area, judgedAgainAt, modelled, consumptionModelled } = stock;
  return {
    id,
    quantity: quantityOf(stock.quantity),
    minimum: quantityOrNull(stock.minimum),
    averageConsumption: quantityOrNull(stock.averageConsumption),
    unusableQuantity: quantityOf(stock.unusable),
    judgedAgainAt,
    modelled,
    consumptionModelled,
    area,
    fell,
  };
}

/** Most of a call happens at its instant, which the statement knows. */
function unlessNow(at: Date, now: Date): Date | null {
  return at.getTime() === now.getTime() ? null : at;
}

/** A batch that bookings changed. */
interface TouchedBatch {
  stock: StockState;
  batch: string;
}

/** Whether a row is what was booked, and no correction that follows from it. */
function isBooking({ count, ofModel }: Change): boolean {
  return count === null && !ofModel;
}

function quantityOrNull(value: number | null): number | null {
  return value === null ? null : quantityOf(value);
}
