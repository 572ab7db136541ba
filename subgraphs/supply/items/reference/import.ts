import { inTransaction } from '../../../../shared/database/index.js';
import type { Database } from '../../database/database.js';
import { storeItems } from '../catalogue/index.js';
import { itemsDigest, shippedItems } from './files.js';
import { isImported, lockImport, storeEdition } from './store.js';

/**
 * Brings the items of the project's `data/` folder into the database, unless this very edition is there already. Only one process
 * imports; the others wait and find it done. Returns whether anything was imported.
 */
export async function importItems({ pool }: Database): Promise<boolean> {
  const digest = itemsDigest();
  return inTransaction(pool, async (db) => {
    await lockImport(db);
    if (await isImported(db, digest)) return false;
    await storeItems(db, shippedItems());
    await storeEdition(db, digest);
    return true;
  });
}
