import type { Pool } from 'pg';
import { inTransaction } from '../../../../shared/database/index.js';
import { readListFile } from './list-file.js';
import { type ListFault, noticesOf } from './rules.js';
import { countRemoved, lockNotices, replaceNotices } from './store.js';

/** The numbers of notices of an import. */
export interface ImportedNotices {
  listed: number;
  changed: number;
  removed: number;
}

/** From this many stored notices on, a list without more than half of them is not believed: a file cut between two lines looks whole. */
const FEWEST_TO_COMPARE = 20;

/**
 * Makes the stored notices those of a list of BfArM. Importing the same list again changes nothing. A file that is no such list,
 * breaks off, or lacks more than half of the stored notices, unless `acceptsRemovals`, changes nothing either.
 */
export async function importShortageNotices(
  pool: Pool,
  bytes: Uint8Array,
  { acceptsRemovals = false }: { acceptsRemovals?: boolean } = {},
): Promise<ImportedNotices | ListFault> {
  const rows = readListFile(bytes);
  if ('fault' in rows) return rows;
  const notices = noticesOf(rows);
  if ('fault' in notices) return notices;
  return inTransaction(pool, async (db) => {
    await lockNotices(db);
    const { stored, removed } = await countRemoved(db, notices);
    if (!acceptsRemovals && stored >= FEWEST_TO_COMPARE && removed * 2 > stored) {
      return {
        fault: `The list lacks ${removed} of the ${stored} stored notices, so it may be cut off; if it is whole, import it with --accept-removals.`,
      };
    }
    return { listed: notices.length, changed: await replaceNotices(db, notices), removed };
  });
}
