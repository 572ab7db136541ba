import { inTransaction } from '../../../shared/database/index.js';
import type { Database } from '../database/database.js';
import { storeFacilities } from '../facilities/index.js';
import { facilityRecords } from './facilities.js';
import { readReferenceFiles, referenceDigest } from './files.js';
import { regionRecords } from './regions.js';
import { isImported, lockImport, storeEdition, storeRegions } from './store.js';

/**
 * Brings the reference data of the project's `data/` folder into the database, unless this very edition is there already.
 * Facilities keep their ids; a facility that a newer edition no longer lists stays, because reports refer to it. Only one
 * process imports; the others wait and find it done. Returns whether anything was imported.
 */
export async function importReferenceData({ pool }: Database, now: Date): Promise<boolean> {
  const digest = referenceDigest();
  return inTransaction(pool, async (db) => {
    await lockImport(db);
    if (await isImported(db, digest)) return false;
    const files = readReferenceFiles();
    await storeRegions(db, regionRecords(files));
    await storeFacilities(db, facilityRecords(files), now);
    await storeEdition(db, digest);
    return true;
  });
}
