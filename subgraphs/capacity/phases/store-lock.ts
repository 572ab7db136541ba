import type { PoolClient } from 'pg';

/** Any number, the same everywhere: advisory locks have no names. */
const KEY = 2_026_111;

/**
 * Lets nobody else declare or end a phase until the transaction ends. All declarations together decide which beds count,
 * so two that are made at once must see each other. Acquired before any facility is locked.
 */
export async function lockPhases(db: PoolClient): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock($1)', [KEY]);
}

/**
 * Lets no phase change until the transaction ends; any number may do this at once. Every hold of beds does it: a phase that
 * is declared meanwhile would not find the hold, and nobody would be notified that its beds count. Acquired before any facility is
 * locked.
 */
export async function freezePhases(db: PoolClient): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock_shared($1)', [KEY]);
}
