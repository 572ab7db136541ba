import type { PoolClient } from 'pg';
import {
  namesOf,
  omit,
  overwritesOf,
  recordsOf,
  recordValues,
} from '../../../shared/database/index.js';
import { regionColumns } from '../generated/columns.js';
import type { Region } from '../generated/prisma/client.js';

/** Any number, the same in every process: advisory locks have no names. */
const IMPORT_LOCK = 7002;

/** Lets no other process import reference data until the transaction ends. */
export async function lockImport(db: PoolClient): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock($1)', [IMPORT_LOCK]);
}

/** Returns whether the edition with this digest is the one that was imported last. */
export async function isImported(db: PoolClient, digest: string): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM reference_edition WHERE digest = $1', [digest]);
  return rowCount !== 0;
}

export async function storeEdition(db: PoolClient, digest: string): Promise<void> {
  await db.query(
    `INSERT INTO reference_edition (digest) VALUES ($1) ON CONFLICT (id) DO UPDATE SET digest = excluded.digest`,
    [digest],
  );
}

/** Stores regions by their codes; a region that is no longer listed stays. */
export async function storeRegions(db: PoolClient, regions: readonly Region[]): Promise<void> {
  await db.query(STORE_REGIONS, recordValues(regionColumns, regions));
}

const STORE_REGIONS = `
INSERT INTO region (${namesOf(regionColumns)})
SELECT ${namesOf(regionColumns)} FROM ${recordsOf(regionColumns, 1)} AS given
ON CONFLICT (code) DO UPDATE SET ${overwritesOf(omit(regionColumns, 'code'))}`;
