import type { PoolClient } from 'pg';
import { arrayOf } from '../../../shared/database/index.js';
import { type Thousandths, thousandths } from '../items/rules.js';
import { dutyValues } from './duties.js';
import { type BatchState, type Holder, idOf, type Movement, type StockState } from './rules.js';
import {
  BATCHES_OF_LOCKED,
  CREATE_STOCKS,
  ITEMS_AND_DUTIES,
  LOCK_STOCKS,
  RECALLS_OF_ITEMS,
} from './statements-booking.js';

/** Stocks under their locks. */
export interface LockedStocks<Part> {
  all: readonly StockState[];
  /** The stock of each part for which it was locked. */
  ofParts: ReadonlyMap<Part, StockState>;
  /** Ids of those that did not exist before. */
  created: Set<string>;
  /** Of each the batches that are stored, of those that a booking may touch. */
  storedBatches: ReadonlyMap<StockState, readonly string[]>;
}

interface LockedRow extends Pick<
  StockState,
  'id' | 'modelled' | 'consumptionModelled' | 'judgedAgainAt'
> {
  quantity: string;
  minimum: string | null;
  averageConsumption: string | null;
  unusable: string;
  /** Position among the stocks that are wanted, from 1. */
  n: number;
  /** Null where no facility and no organisation has the id. */
  area: string | null;
  /** Null for a facility. */
  organisationKind: string | null;
}

/** The names of a stock that is locked, and the batch that is booked in it. */
type LockedPart = Pick<Movement, 'holder' | 'item' | 'batch'>;

/** A stock to be locked, and all that happens in it. */
interface WantedStock<Part extends LockedPart = LockedPart> extends Pick<
  LockedPart,
  'holder' | 'item'
> {
  parts: Part[];
}

/**
 * Locks the stocks that parts concern until the transaction ends; those that do not exist are created. To be called once in a
 * transaction: a second call would lock out of order.
 */
export async function lockStocks<Part extends LockedPart>(
  db: PoolClient,
  parts: readonly Part[],
  now: Date,
): Promise<LockedStocks<Part>> {
  const wanted = wantedStocks(parts);
  const items = [...new Set(parts.map(({ item }) => item))];
  const itemOf = await readItems(db, items, now);
  const { rows, created } = await lockOrCreate(db, wanted, now);
  const ofParts = new Map<Part, StockState>();
  const all = rows.map((row): ReadStock => {
    const { holder, item, parts: own } = wanted[row.n - 1]!;
    const stock = stockOf(row, holder, item, itemOf(item));
    for (const part of own) ofParts.set(part, stock);
    return stock;
  });
  const storedBatches = await readBatches(db, parts, items, all);
  return { all, ofParts, created, storedBatches };
}

function wantedStocks<Part extends LockedPart>(parts: readonly Part[]): WantedStock<Part>[] {
  const wanted = new Map<string, WantedStock<Part>>();
  for (const part of parts) {
    const { holder, item } = part;
    const key = `${idOf(holder)} ${item}`;
    const known = wanted.get(key);
    if (known) known.parts.push(part);
    else wanted.set(key, { holder, item, parts: [part] });
  }
  return [...wanted.values()];
}

function stockOf(row: LockedRow, holder: Holder, item: string, facts: ItemFacts): ReadStock {
  const { id, area, modelled, consumptionModelled, judgedAgainAt, organisationKind } = row;
  if (area === null) throw new Error(`No facility or organisation has the id ${idOf(holder)}.`);
  return {
    id,
    area,
    holder,
    item,
    quantity: readQuantity(row.quantity),
    minimum: readLevel(row.minimum),
    averageConsumption: readLevel(row.averageConsumption),
    modelled,
    consumptionModelled,
    unusable: readQuantity(row.unusable),
    judgedAgainAt,
    lifeline: facts.lifeline,
    lifelineQuantity: facts.lifelineQuantity,
    requiredDays: facts.requiredDays.get(organisationKind ?? 'FACILITY') ?? null,
    batches: new Map(),
    recalled: NONE_RECALLED,
  };
}

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
  ids: readonly string[],
  now: Date,
): Promise<(item: string) => ItemFacts> {
  const { rows } = await db.query<ItemRow>({
    name: 'stocks-items-and-duties',
    text: ITEMS_AND_DUTIES,
    values: [arrayOf(ids), ...dutyValues(now)],
  });
  const items = new Map<string, ItemFacts>();
  for (const row of rows) {
    const facts = items.get(row.item) ?? factsOf(row);
    items.set(row.item, facts);
    if (row.holder !== null && row.days !== null) facts.requiredDays.set(row.holder, row.days);
  }
  const unknown = ids.find((id) => !items.has(id));
  if (unknown !== undefined) throw new Error(`No item has the id ${unknown}.`);
  return (item) => items.get(item)!;
}

function factsOf({ lifeline, lifelineQuantity }: ItemRow): ItemFacts {
  return { lifeline, lifelineQuantity, requiredDays: new Map() };
}

type ReadStock = StockState & { batches: Map<string, BatchState> };

/** Of most stocks no batch is recalled. */
const NONE_RECALLED: ReadonlyMap<string, Date> = new Map();

interface BatchRow extends Pick<BatchState, 'usableUntil'> {
  /** Position of its stock, from 1. */
  n: number;
  batch: string;
  quantity: string;
  /** Milliseconds since 1970. */
  bookedTo: number;
}

async function readBatches(
  db: PoolClient,
  parts: readonly LockedPart[],
  items: readonly string[],
  stocks: readonly ReadStock[],
): Promise<ReadonlyMap<StockState, readonly string[]>> {
  const recalls = await db.query<RecallRow>({
    name: 'stocks-recalls-of-items',
    text: RECALLS_OF_ITEMS,
    values: [arrayOf(items)],
  });
  const named = new Set(['']);
  const byItem = new Map<string, RecallRow[]>();
  for (const { batch } of parts) if (batch !== null) named.add(batch);
  for (const recall of recalls.rows) {
    // Of a recalled batch it counts also that it once was there.
    named.add(recall.batch);
    const ofItem = byItem.get(recall.item);
    if (ofItem) ofItem.push(recall);
    else byItem.set(recall.item, [recall]);
  }
  for (const stock of stocks) {
    const ofItem = byItem.get(stock.item);
    if (ofItem) stock.recalled = recalledOf(stock, ofItem);
  }
  const { rows } = await db.query<BatchRow>({
    name: 'stocks-batches-of-locked',
    text: BATCHES_OF_LOCKED,
    values: [arrayOf(stocks.map(({ id }) => id)), arrayOf([...named])],
  });
  const stored = new Map<StockState, string[]>();
  for (const row of rows) {
    const stock = stocks[row.n - 1]!;
    stock.batches.set(row.batch, {
      quantity: readQuantity(row.quantity),
      usableUntil: row.usableUntil,
      bookedTo: new Date(row.bookedTo),
    });
    const known = stored.get(stock);
    if (known) known.push(row.batch);
    else stored.set(stock, [row.batch]);
  }
  return stored;
}

interface RecallRow {
  item: string;
  batch: string;
  area: string;
  at: Date;
}

/** Recalls come in the order of their instants: the first one of a batch says since when it is recalled. */
function recalledOf({ area }: ReadStock, recalls: readonly RecallRow[]): ReadonlyMap<string, Date> {
  const recalled = new Map<string, Date>();
  for (const recall of recalls) {
    if (area.startsWith(recall.area) && !recalled.has(recall.batch)) {
      recalled.set(recall.batch, recall.at);
    }
  }
  return recalled;
}

/** Reads a decimal of at most 14 digits, of which the nearest number is exact enough. */
function readQuantity(decimal: string): Thousandths {
  return thousandths(Number(decimal));
}

function readLevel(decimal: string | null): Thousandths | null {
  return decimal === null ? null : readQuantity(decimal);
}
