import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { arrayOf, sparseArrayOf } from '../../../shared/database/index.js';
import { isRefused } from '../../../shared/idempotency/index.js';
import { quantityOf } from '../items/rules.js';
import { REMOVE_STOCKS, STORE_BOOKINGS } from './statements-booking.js';
import { batchKey, lockStocks, stockKey } from './store-locks.js';
import {
  applyTogether,
  type BatchState,
  bookingOf,
  type Change,
  type FacilityMovement,
  facilityMovementOf,
  idOf,
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
  const { stocks, created, batches } = await lockStocks(db, groups.flat(), now);
  const wereBelow = new Set<StockState>();
  for (const stock of stocks.values()) if (isBelowDuty(stock)) wereBelow.add(stock);
  const ids = new Map<Change, string>();
  const outcomes = groups.map((group): MovementOutcome => {
    const parts = group.map((movement) => ({ movement, stock: stockOf(stocks, movement) }));
    const verdict = applyTogether(parts, now);
    if (isRefused(verdict)) return verdict;
    for (const change of verdict) ids.set(change, randomUUID());
    return { __typename: 'StockBooking', id: ids.get(bookingOf(verdict))! };
  });
  const changed = new Set<StockState>();
  for (const { stock } of ids.keys()) changed.add(stock);
  for (const stock of changed) judgeUsable(stock, now);
  if (ids.size > 0) {
    await store(db, ids, [...changed], wereBelow, batches, { by, now });
    const moved = [...ids].flatMap(([change, id]) => facilityMovementOf(change, id) ?? []);
    if (moved.length > 0) committed = await follower.follow(db, moved, now);
  }
  for (const { id } of changed) created.delete(id);
  if (created.size > 0) await db.query(REMOVE_STOCKS, [[...created]]);
  return { outcomes, committed };
}

function stockOf(stocks: ReadonlyMap<string, StockState>, { holder, item }: Movement): StockState {
  const stock = stocks.get(stockKey(idOf(holder), item));
  if (!stock) throw new Error(`The stock of item ${item} is not locked.`);
  return stock;
}

async function store(
  db: PoolClient,
  ids: ReadonlyMap<Change, string>,
  stocks: readonly StockState[],
  wereBelow: ReadonlySet<StockState>,
  known: ReadonlySet<string>,
  { by, now }: Omit<Booking, 'follower'>,
): Promise<void> {
  const changes = [...ids.keys()];
  const touched = new Map<string, TouchedBatch>();
  for (const { stock, batch } of changes) {
    touched.set(batchKey(stock.id, batch), { stock, batch, state: stock.batches.get(batch)! });
  }
  const [keys, batches] = [[...touched.keys()], [...touched.values()]];
  const instantOf = (at: Date) => (at.getTime() === now.getTime() ? null : at);
  await db.query({
    name: 'stocks-store-bookings',
    text: STORE_BOOKINGS,
    values: [
      arrayOf([...ids.values()]),
      arrayOf(changes.map(({ stock }) => stock.id)),
      arrayOf(changes.map(({ kind }) => kind)),
      sparseArrayOf(changes.map(({ batch }) => batch || null)),
      arrayOf(changes.map(({ change }) => quantityOf(change))),
      sparseArrayOf(changes.map(({ counted }) => quantityOrNull(counted))),
      arrayOf(changes.map(({ quantityAfter }) => quantityOf(quantityAfter))),
      sparseArrayOf(changes.map((change) => (isBooking(change) ? change.movement.minimum : null))),
      sparseArrayOf(
        changes.map((change) => (isBooking(change) ? change.movement.averageConsumption : null)),
      ),
      sparseArrayOf(changes.map(({ reason }) => reason)),
      sparseArrayOf(changes.map(({ movement }) => movement.shipment)),
      sparseArrayOf(changes.map(({ count }) => count && ids.get(count)!)),
      sparseArrayOf(changes.map(({ counterpart }) => counterpart && ids.get(counterpart)!)),
      sparseArrayOf(changes.map(({ at }) => instantOf(at))),
      arrayOf(batches.map(({ stock }) => stock.id)),
      sparseArrayOf(batches.map(({ batch }) => batch || null)),
      arrayOf(batches.map(({ state }) => quantityOf(state.quantity))),
      sparseArrayOf(batches.map(({ state }) => state.usableUntil)),
      sparseArrayOf(batches.map(({ state }) => instantOf(state.bookedTo))),
      arrayOf(stocks.map(({ id }) => id)),
      arrayOf(stocks.map(({ quantity }) => quantityOf(quantity))),
      sparseArrayOf(stocks.map(({ minimum }) => quantityOrNull(minimum))),
      sparseArrayOf(stocks.map(({ averageConsumption }) => quantityOrNull(averageConsumption))),
      sparseArrayOf(stocks.map(({ modelled }) => modelled || null)),
      sparseArrayOf(stocks.map(({ consumptionModelled }) => consumptionModelled || null)),
      arrayOf(stocks.map(({ area }) => area)),
      now,
      by,
      sparseArrayOf(stocks.map((stock) => (isBelowDuty(stock) && !wereBelow.has(stock)) || null)),
      sparseArrayOf(stocks.map(({ unusable }) => quantityOf(unusable) || null)),
      sparseArrayOf(stocks.map(({ judgedAgainAt }) => judgedAgainAt)),
      sparseArrayOf(keys.map((key) => !known.has(key) || null)),
    ],
  });
}

/** A batch that bookings changed. */
interface TouchedBatch {
  stock: StockState;
  batch: string;
  state: BatchState;
}

/** Whether a row is what was booked, and no correction that follows from it. */
function isBooking({ count, ofModel }: Change): boolean {
  return count === null && !ofModel;
}

function quantityOrNull(value: number | null): number | null {
  return value === null ? null : quantityOf(value);
}
