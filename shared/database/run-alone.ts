import type { Pool } from 'pg';

/** Throws if the connection that keeps other processes out is broken: from then on another may run. */
export type StillAlone = () => Promise<void>;

/**
 * Runs `act` if no other process of the database runs work of this name, and returns whether it did. For work that reads from elsewhere and
 * stores what it read: of two that did so at once, the slower one would store the older state over the newer one.
 *
 * `act` calls `stillAlone` before each transaction in which it stores.
 */
export async function runAlone(
  pool: Pool,
  name: string,
  act: (stillAlone: StillAlone) => Promise<void>,
): Promise<boolean> {
  const holder = await pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await holder.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock(hashtext($1)) AS locked',
      [name],
    );
    if (!rows[0]?.locked) return false;
    try {
      await act(async () => {
        await holder.query('SELECT');
      });
      return true;
    } finally {
      await holder
        .query('SELECT pg_advisory_unlock(hashtext($1))', [name])
        .catch(
          (error: unknown) => (broken = error instanceof Error ? error : new Error(String(error))),
        );
    }
  } finally {
    // A connection that could not be unlocked must not go back to the pool, where it would keep everybody out.
    holder.release(broken);
  }
}
