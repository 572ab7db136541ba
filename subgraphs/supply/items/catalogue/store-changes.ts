import type { PoolClient } from 'pg';
import { recordValues } from '../../../../shared/database/index.js';
import { itemColumns } from '../../generated/columns.js';
import type { ItemRow } from './rules.js';
import { STORE_ITEMS } from './statements.js';

/** Rows of one statement: its arrays stay small in memory. */
const BATCH = 5_000;

/** Stores items by their ids; one that is no longer listed stays, because stocks refer to it. Returns how many were new or changed. */
export async function storeItems(db: PoolClient, items: readonly ItemRow[]): Promise<number> {
  let changed = 0;
  for (let start = 0; start < items.length; start += BATCH) {
    const batch = items.slice(start, start + BATCH);
    const { rowCount } = await db.query(STORE_ITEMS, recordValues(itemColumns, batch));
    changed += rowCount ?? 0;
  }
  return changed;
}
