import type { PoolClient } from 'pg';

/** Any number, the same in every process: advisory locks have no names. */
const IMPORT_LOCK = 7002;

/** Lets no other process import items until the transaction ends. */
export async function lockImport(db: PoolClient): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock($1)', [IMPORT_LOCK]);
}

/** Returns whether the edition with this digest is the one that was imported last. */
export async function isImported(db: PoolClient, digest: string): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM item_edition WHERE digest = $1', [digest]);
  return rowCount !== 0;
}

export async function storeEdition(db: PoolClient, digest: string): Promise<void> {
  await db.query(
    `INSERT INTO item_edition (digest) VALUES ($1) ON CONFLICT (id) DO UPDATE SET digest = excluded.digest`,
    [digest],
  );
}
