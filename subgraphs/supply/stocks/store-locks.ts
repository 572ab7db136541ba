import type { PoolClient } from 'pg';
import { dutyValues } from './duties.js';
import { idOf, type BatchState, type Holder, type Movement, type StockState } from './rules.js';
import {
  BATCHES_OF_LOCKED,
  CREATE_STOCKS,
  LOCK_STOCKS,
  RECALLS_OF_BATCHES,
} from './statements-booking.js';

/** Stocks under their locks, by `stockKey`, and the ids of those that did not exist before. */
export interface LockedStocks {
  stocks: Map<string, StockState>;
  created: Set<string>;
}

interface LockedRow extends Pick<
  StockState,
  | 'id'
  | 'item'
  | 'quantity'
  | 'minimum'
  | 'averageConsumption'
  | 'modelled'
  | 'requiredDays'
  | 'lifeline'
  | 'lifelineQuantity'
  | 'consumptionModelled'
> {
  holder: string;
  /** Null where no facility and no organisation has the id. */
  area: string | null;
}

export function stockKey(holder: string, item: string): string {
  return `${holder} ${item}`;
}

/**
 * Locks the stocks that movements concern until the transaction ends; those that do not exist are created. To be called once in a
 * transaction: a second call would lock out of order.
 */
export async function lockStocks(
  db: PoolClient,
  movements: readonly Movement[],
  now: Date,
): Promise<LockedStocks> {
  const wanted = new Map<string, { holder: Holder; item: string }>();
  for (const { holder, item } of movements) {
    wanted.set(stockKey(idOf(holder), item), { holder, item });
  }
  const [holders, items] = [
    [...wanted.values()].map(({ holder }) => idOf(holder)),
    [...wanted.values()].map(({ item }) => item),
  ];
  const kinds = [...wanted.values()].map(({ holder }) =>
    'facility' in holder ? 'FACILITY' : 'ORGANISATION',
  );
  const created = await db.query<{ id: string }>({
    name: 'stocks-create',
    text: CREATE_STOCKS,
    values: [kinds, holders, items, now],
  });
  const { rows } = await db.query<LockedRow>({
    name: 'stocks-lock',
    text: LOCK_STOCKS,
    values: [holders, items, ...dutyValues(now)],
  });
  const stocks = new Map(
    rows.map((row) => {
      const key = stockKey(row.holder, row.item);
      if (row.area === null)
        throw new Error(`No facility or organisation has the id ${row.holder}.`);
      const { holder } = wanted.get(key)!;
      return [key, { ...row, area: row.area, holder, batches: new Map(), recalled: new Map() }];
    }),
  );
  await readBatches(db, movements, stocks);
  return { stocks, created: new Set(created.rows.map(({ id }) => id)) };
}

type ReadStock = StockState & {
  batches: Map<string, BatchState>;
  recalled: Map<string, Date>;
};

async function readBatches(
  db: PoolClient,
  movements: readonly Movement[],
  stocks: ReadonlyMap<string, ReadStock>,
): Promise<void> {
  const byId = new Map([...stocks.values()].map((stock) => [stock.id, stock]));
  const named = [...new Set(movements.flatMap(({ batch }) => batch ?? []))];
  const { rows } = await db.query<BatchState & { stock: string; batch: string }>({
    name: 'stocks-batches-of-locked',
    text: BATCHES_OF_LOCKED,
    values: [[...byId.keys()], ['', ...named]],
  });
  for (const { stock, batch, ...state } of rows) byId.get(stock)!.batches.set(batch, state);
  if (named.length === 0) return;
  const recalls = await db.query<{ item: string; batch: string; area: string; at: Date }>({
    name: 'stocks-recalls-of-batches',
    text: RECALLS_OF_BATCHES,
    values: [[...new Set(movements.map(({ item }) => item))], named],
  });
  for (const { item, batch, area, at } of recalls.rows) {
    for (const stock of byId.values()) {
      if (stock.item !== item || !stock.area.startsWith(area) || stock.recalled.has(batch))
        continue;
      stock.recalled.set(batch, at);
    }
  }
}
