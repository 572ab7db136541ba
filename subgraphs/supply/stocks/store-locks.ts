import type { PoolClient } from 'pg';
import { arrayOf } from '../../../shared/database/index.js';
import { dutyValues } from './duties.js';
import { type BatchState, idOf, type Movement, type StockState } from './rules.js';
import {
  BATCHES_OF_LOCKED,
  CREATE_STOCKS,
  ITEMS_AND_DUTIES,
  LOCK_STOCKS,
  RECALLS_OF_ITEMS,
} from './statements-booking.js';

/** Stocks under their locks, by `stockKey`, and the ids of those that did not exist before. */
export interface LockedStocks {
  stocks: Map<string, StockState>;
  created: Set<string>;
  /** The batches that there are of those that a booking may touch, by `batchKey`. */
  batches: ReadonlySet<string>;
}

interface LockedRow extends Pick<
  StockState,
  | 'id'
  | 'quantity'
  | 'minimum'
  | 'averageConsumption'
  | 'modelled'
  | 'consumptionModelled'
  | 'unusable'
  | 'judgedAgainAt'
> {
  /** Position among the stocks that are wanted, from 1. */
  n: number;
  /** Null where no facility and no organisation has the id. */
  area: string | null;
  /** Null for a facility. */
  organisationKind: string | null;
}

export function stockKey(holder: string, item: string): string {
  return `${holder} ${item}`;
}

export function batchKey(stock: string, batch: string): string {
  return `${stock} ${batch}`;
}

/** The names of a stock that is locked, and the batch that is booked in it. */
type LockedPart = Pick<Movement, 'holder' | 'item' | 'batch'>;

/**
 * Locks the stocks that movements concern until the transaction ends; those that do not exist are created. To be called once in a
 * transaction: a second call would lock out of order.
 */
export async function lockStocks(
  db: PoolClient,
  movements: readonly LockedPart[],
  now: Date,
): Promise<LockedStocks> {
  const wanted = new Map<string, WantedStock>();
  for (const { holder, item } of movements) {
    wanted.set(stockKey(idOf(holder), item), { holder, item });
  }
  const itemOf = await readItems(db, movements, now);
  const entries = [...wanted];
  const { rows, created } = await lockOrCreate(db, [...wanted.values()], now);
  const stocks = new Map(
    rows.map((row): [string, ReadStock] => {
      const [key, { holder, item }] = entries[row.n - 1]!;
      if (row.area === null) {
        throw new Error(`No facility or organisation has the id ${idOf(holder)}.`);
      }
      const { lifeline, lifelineQuantity, requiredDays } = itemOf(item);
      const stock: ReadStock = {
        id: row.id,
        area: row.area,
        holder,
        item,
        quantity: row.quantity,
        minimum: row.minimum,
        averageConsumption: row.averageConsumption,
        modelled: row.modelled,
        consumptionModelled: row.consumptionModelled,
        unusable: row.unusable,
        judgedAgainAt: row.judgedAgainAt,
        lifeline,
        lifelineQuantity,
        requiredDays: requiredDays.get(row.organisationKind ?? 'FACILITY') ?? null,
        batches: new Map(),
        recalled: NONE_RECALLED,
      };
      return [key, stock];
    }),
  );
  const batches = await readBatches(db, movements, stocks);
  return { stocks, created, batches };
}

type WantedStock = Pick<LockedPart, 'holder' | 'item'>;

/**
 * Locks stocks in one order, and creates those that do not exist. Mostly all do: then it is one statement. Otherwise every lock is
 * given back first, by the savepoint: a call that waits for another one to create the same stock must hold no lock of a stock, or two would
 * wait for each other in a circle.
 */
async function lockOrCreate(
  db: PoolClient,
  wanted: readonly WantedStock[],
  now: Date,
): Promise<{ rows: LockedRow[]; created: Set<string> }> {
  const holders = arrayOf(wanted.map(({ holder }) => idOf(holder)));
  const items = arrayOf(wanted.map(({ item }) => item));
  const lock = async () => {
    const locked = await db.query<LockedRow>({
      name: 'stocks-lock',
      text: LOCK_STOCKS,
      values: [holders, items],
    });
    return locked.rows;
  };
  await db.query('SAVEPOINT stocks');
  const existing = await lock();
  if (existing.length === wanted.length) return { rows: existing, created: new Set() };
  await db.query('ROLLBACK TO SAVEPOINT stocks');
  const kinds = wanted.map(({ holder }) => ('facility' in holder ? 'FACILITY' : 'ORGANISATION'));
  const created = await db.query<{ id: string }>({
    name: 'stocks-create',
    text: CREATE_STOCKS,
    values: [arrayOf(kinds), holders, items, now],
  });
  return { rows: await lock(), created: new Set(created.rows.map(({ id }) => id)) };
}

/** The facts of an item that its stocks share. */
interface ItemFacts extends Pick<StockState, 'lifeline' | 'lifelineQuantity'> {
  /** By the duties that apply, for each kind of holder that has one. */
  requiredDays: Map<string, number>;
}

interface ItemRow extends Pick<StockState, 'item' | 'lifeline' | 'lifelineQuantity'> {
  holder: string | null;
  days: number | null;
}

async function readItems(
  db: PoolClient,
  movements: readonly LockedPart[],
  now: Date,
): Promise<(item: string) => ItemFacts> {
  const { rows } = await db.query<ItemRow>({
    name: 'stocks-items-and-duties',
    text: ITEMS_AND_DUTIES,
    values: [arrayOf([...new Set(movements.map(({ item }) => item))]), ...dutyValues(now)],
  });
  const items = new Map<string, ItemFacts>();
  for (const { item, lifeline, lifelineQuantity, holder, days } of rows) {
    const { requiredDays } = items.get(item) ?? { requiredDays: new Map<string, number>() };
    items.set(item, { lifeline, lifelineQuantity, requiredDays });
    if (holder !== null && days !== null) requiredDays.set(holder, days);
  }
  const unknown = movements.find(({ item }) => !items.has(item));
  if (unknown) throw new Error(`No item has the id ${unknown.item}.`);
  return (item) => items.get(item)!;
}

type ReadStock = StockState & { batches: Map<string, BatchState> };

/** Of most stocks no batch is recalled. */
const NONE_RECALLED: ReadonlyMap<string, Date> = new Map();

interface BatchRow extends Pick<BatchState, 'quantity' | 'usableUntil'> {
  stock: string;
  batch: string;
  /** Milliseconds since 1970. */
  bookedTo: number;
}

async function readBatches(
  db: PoolClient,
  movements: readonly LockedPart[],
  stocks: ReadonlyMap<string, ReadStock>,
): Promise<ReadonlySet<string>> {
  const byId = new Map([...stocks.values()].map((stock) => [stock.id, stock]));
  const recalls = await db.query<{ item: string; batch: string; area: string; at: Date }>({
    name: 'stocks-recalls-of-items',
    text: RECALLS_OF_ITEMS,
    values: [arrayOf([...new Set(movements.map(({ item }) => item))])],
  });
  for (const { item, batch, area, at } of recalls.rows) {
    for (const stock of byId.values()) {
      if (stock.item !== item || !stock.area.startsWith(area) || stock.recalled.has(batch))
        continue;
      stock.recalled = new Map([...stock.recalled, [batch, at]]);
    }
  }
  // Of a recalled batch it counts also that it once was there.
  const named = [...movements.flatMap(({ batch }) => batch ?? []), ...recalls.rows.map(batchOf)];
  const { rows } = await db.query<BatchRow>({
    name: 'stocks-batches-of-locked',
    text: BATCHES_OF_LOCKED,
    values: [arrayOf([...byId.keys()]), arrayOf([...new Set(['', ...named])])],
  });
  const known = new Set<string>();
  for (const { stock, batch, quantity, usableUntil, bookedTo } of rows) {
    known.add(batchKey(stock, batch));
    byId.get(stock)!.batches.set(batch, { quantity, usableUntil, bookedTo: new Date(bookedTo) });
  }
  return known;
}

function batchOf({ batch }: { batch: string }): string {
  return batch;
}
