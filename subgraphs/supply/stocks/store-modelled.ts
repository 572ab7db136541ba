import type { Pool } from 'pg';
import { idOfKey, inTransaction } from '../../../shared/database/index.js';
import type { Database } from '../database/database.js';
import type { ModelledFacility } from '../facilities/rules.js';
import type { Unit } from '../generated/graphql.js';
import { isCountable, quantityOf } from '../items/rules.js';
import { plannedItems } from './modelled-items.js';
import {
  DUE_MODELLED_STOCKS,
  FACILITIES_WITHOUT_MODEL,
  MODELLED_ITEMS,
  STORE_MODELLED_STOCKS,
} from './statements-modelled.js';
import { levelAfterDelivery, type ModelledItem, modelledStocks } from './rules.js';
import { bookTogether, type MovementFollower } from './store-movements.js';

/** The actor of bookings that the model brings about. */
export const MODEL = 'Vierblatt model';
/** A correction concerns the books alone: nothing enters a facility. */
const NO_LIFELINES: MovementFollower = { follow: () => Promise.resolve(() => {}) };
/** How many facilities are modelled in one transaction, and how many stocks get their delivery. */
const FACILITIES_AT_ONCE = 200;
const STOCKS_AT_ONCE = 500;

interface DueStock {
  facility: string;
  item: string;
  quantity: number;
  level: number;
  used: number;
  unit: Unit;
}

/**
 * Models the stocks of real sites of which none was modelled yet (with beds, or of one of these kinds), without events, because nothing happened; and brings modelled stocks that
 * bookings moved back to their level with the deliveries of their rhythm. An untouched one is never written again.
 */
export async function modelStocks(
  { pool }: Database,
  kinds: readonly string[],
  now: Date,
): Promise<void> {
  let count: number;
  do {
    count = await modelSome(pool, kinds, now);
  } while (count === FACILITIES_AT_ONCE);
  do {
    count = await deliverSome(pool, now);
  } while (count === STOCKS_AT_ONCE);
}

async function modelSome(pool: Pool, kinds: readonly string[], now: Date): Promise<number> {
  const { rows } = await pool.query<ModelledFacility>({
    ...FACILITIES_WITHOUT_MODEL,
    values: [kinds, FACILITIES_AT_ONCE],
  });
  if (rows.length === 0) return 0;
  const items = await modelledItems(pool);
  const stocks = rows.flatMap((facility) => modelledStocks(facility, items, now));
  const { rowCount } = await pool.query({
    ...STORE_MODELLED_STOCKS,
    values: [
      stocks.map(({ facility, item }) => idOfKey(`stock ${facility} ${item}`)),
      stocks.map(({ facility }) => facility),
      stocks.map(({ item }) => item),
      stocks.map(({ quantity }) => quantity),
      stocks.map(({ averageConsumption }) => averageConsumption),
      stocks.map(({ renewalDays }) => renewalDays),
      stocks.map(({ renewsAt }) => renewsAt.toISOString()),
      stocks.map(({ rule }) => rule),
      now,
      MODEL,
    ],
  });
  // Where the holders have booked all of it already nothing is stored, and they would be found again.
  return rowCount === 0 ? 0 : rows.length;
}

async function modelledItems(pool: Pool): Promise<ModelledItem[]> {
  const planned = plannedItems();
  const { rows } = await pool.query<{ id: string; pzn: string | null; unit: Unit }>(
    MODELLED_ITEMS,
    [planned.flatMap(({ id }) => id ?? []), planned.flatMap(({ pzn }) => pzn ?? [])],
  );
  return planned.map(({ id, pzn, ...plan }) => {
    const item = rows.find((row) => (pzn === null ? row.id === id : row.pzn === pzn));
    if (!item) throw new Error(`data/modelled-stocks names ${pzn ?? id}, which is no item.`);
    return { ...plan, item: item.id, isWhole: isCountable(item.unit) };
  });
}

async function deliverSome(pool: Pool, now: Date): Promise<number> {
  return inTransaction(pool, async (db) => {
    const { rows } = await db.query<DueStock>({
      ...DUE_MODELLED_STOCKS,
      values: [now, STOCKS_AT_ONCE],
    });
    const movements = rows.map(({ facility, item, quantity, level, used, unit }) => {
      const change = levelAfterDelivery(quantity, level, used, unit) - quantity;
      return {
        holder: { facility },
        item,
        batch: null,
        kind: 'CORRECTION' as const,
        shipment: null,
        quantity: quantityOf(change),
        reason: change > 0 ? 'Delivery of the model.' : 'Used up in the model.',
      };
    });
    await bookTogether(
      db,
      movements.map((movement) => [movement]),
      { by: MODEL, now, follower: NO_LIFELINES },
    );
    return rows.length;
  });
}
