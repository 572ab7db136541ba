import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../database/index.js';

/** A facility as capacity returns it. */
export interface DirectoryEntry {
  id: string;
  siteNumber: string | null;
  ik: string | null;
  area: string | null;
  position: { latitude: number; longitude: number } | null;
}

/** Returns when all facilities were last stored; undefined if never. */
export async function renewedAt(db: Pool | PoolClient): Promise<Date | undefined> {
  const { rows } = await db.query<{ at: Date }>(
    'SELECT renewed_at AS at FROM facility_directory WHERE id = 1',
  );
  return rows[0]?.at;
}

/**
 * Stores all facilities, unless another process has stored later ones meanwhile. `now` is when they were requested. One that capacity no longer returns stays, because what a
 * subgraph stores refers to it.
 */
export async function storeDirectory(
  pool: Pool,
  facilities: readonly DirectoryEntry[],
  now: Date,
): Promise<void> {
  const known = facilities.flatMap(({ area, position, ...facility }) =>
    area === null || position === null ? [] : [{ ...facility, area, ...position }],
  );
  await inTransaction(pool, async (db) => {
    await db.query('LOCK TABLE facility_directory IN EXCLUSIVE MODE');
    const stored = await renewedAt(db);
    if (stored && stored > now) return;
    await db.query({
      name: 'store-facilities',
      text: `INSERT INTO facility (id, area, site_number, ik, latitude, longitude)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[])
        ON CONFLICT (id) DO UPDATE SET area = excluded.area, site_number = excluded.site_number, ik = excluded.ik,
          latitude = excluded.latitude, longitude = excluded.longitude
        WHERE (facility.area, facility.site_number, facility.ik, facility.latitude, facility.longitude)
          IS DISTINCT FROM (excluded.area, excluded.site_number, excluded.ik, excluded.latitude, excluded.longitude)`,
      values: [
        known.map(({ id }) => id),
        known.map(({ area }) => area),
        known.map(({ siteNumber }) => siteNumber),
        known.map(({ ik }) => ik),
        known.map(({ latitude }) => latitude),
        known.map(({ longitude }) => longitude),
      ],
    });
    await db.query(
      `INSERT INTO facility_directory (id, renewed_at) VALUES (1, $1)
       ON CONFLICT (id) DO UPDATE SET renewed_at = excluded.renewed_at`,
      [now],
    );
  });
}
