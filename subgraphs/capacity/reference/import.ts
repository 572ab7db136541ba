import { inTransaction } from '../../../shared/database/transaction.js';
import type { Database } from '../database/database.js';
import { facilityRecords } from './facilities.js';
import { readReferenceFiles } from './files.js';
import { regionRecords } from './regions.js';

/** Only one process imports; the others wait and find it done. */
const LOCK = 7002;

/**
 * Brings the reference data of the project's `data/` folder into the database, unless this very edition is there already.
 * Facilities keep their ids; what a newer edition no longer lists stays, because reports hang on it. Returns whether
 * anything was imported.
 */
export async function importReferenceData({ pool }: Database, now: Date): Promise<boolean> {
  const { files, digest } = readReferenceFiles();
  return inTransaction(pool, async (db) => {
    await db.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const { rowCount } = await db.query('SELECT FROM reference_edition WHERE digest = $1', [
      digest,
    ]);
    if (!rowCount) {
      await db.query(STORE_REGIONS, [JSON.stringify(regionRecords(files))]);
      await db.query(STORE_FACILITIES, [JSON.stringify(facilityRecords(files)), now]);
      await db.query(
        `INSERT INTO reference_edition (digest) VALUES ($1) ON CONFLICT (id) DO UPDATE SET digest = excluded.digest`,
        [digest],
      );
    }
    return !rowCount;
  });
}

const STORE_REGIONS = `
INSERT INTO region (code, level, name, population)
SELECT code, level, name, population
FROM jsonb_to_recordset($1::jsonb) AS r (code text, level "RegionLevel", name text, population int)
ON CONFLICT (code) DO UPDATE SET level = excluded.level, name = excluded.name, population = excluded.population`;

const STORE_FACILITIES = `
INSERT INTO facility (id, site_number, ik, name, kind, area, kleeblatt, latitude, longitude, street, postcode, city,
                      capabilities, created_at)
SELECT id, "siteNumber", ik, name, kind, area, kleeblatt, latitude, longitude, street, postcode, city, capabilities, $2
FROM jsonb_to_recordset($1::jsonb) AS f (
  id uuid, "siteNumber" text, ik text, name text, kind "FacilityKind", area text, kleeblatt "Kleeblatt",
  latitude float8, longitude float8, street text, postcode text, city text, capabilities "Capability"[]
)
ON CONFLICT (id) DO UPDATE SET
  ik = excluded.ik, name = excluded.name, kind = excluded.kind, area = excluded.area, kleeblatt = excluded.kleeblatt,
  latitude = excluded.latitude, longitude = excluded.longitude, street = excluded.street,
  postcode = excluded.postcode, city = excluded.city, capabilities = excluded.capabilities`;
