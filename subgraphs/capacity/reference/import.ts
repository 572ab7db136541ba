import {
  namesOf,
  omit,
  overwritesOf,
  recordsOf,
  recordValues,
} from '../../../shared/database/columns.js';
import { inTransaction } from '../../../shared/database/transaction.js';
import type { Database } from '../database/database.js';
import { storeFacilities } from '../facilities/store-changes.js';
import { regionColumns } from '../generated/columns.js';
import { facilityRecords } from './facilities.js';
import { readReferenceFiles, referenceDigest } from './files.js';
import { regionRecords } from './regions.js';

/** Only one process imports; the others wait and find it done. */
const LOCK = 7002;

/**
 * Brings the reference data of the project's `data/` folder into the database, unless this very edition is there already.
 * Facilities keep their ids; what a newer edition no longer lists stays, because reports hang on it. Returns whether
 * anything was imported.
 */
export async function importReferenceData({ pool }: Database, now: Date): Promise<boolean> {
  const digest = referenceDigest();
  return inTransaction(pool, async (db) => {
    await db.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const { rowCount } = await db.query('SELECT FROM reference_edition WHERE digest = $1', [
      digest,
    ]);
    if (!rowCount) {
      const files = readReferenceFiles();
      await db.query(STORE_REGIONS, recordValues(regionColumns, regionRecords(files)));
      await storeFacilities(db, facilityRecords(files), now);
      await db.query(
        `INSERT INTO reference_edition (digest) VALUES ($1) ON CONFLICT (id) DO UPDATE SET digest = excluded.digest`,
        [digest],
      );
    }
    return !rowCount;
  });
}

const STORE_REGIONS = `
INSERT INTO region (${namesOf(regionColumns)})
SELECT ${namesOf(regionColumns)} FROM ${recordsOf(regionColumns, 1)} AS given
ON CONFLICT (code) DO UPDATE SET ${overwritesOf(omit(regionColumns, 'code'))}`;
