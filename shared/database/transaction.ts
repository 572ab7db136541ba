import type { Pool, PoolClient } from 'pg';

/**
 * Runs `act` in one transaction and returns its result. An error that it throws rolls everything back and is thrown on; so does a
 * connection that breaks on the way, because the server rolls back what was not committed.
 *
 * `keep` decides, of what `act` returned, whether the transaction is kept; without it always.
 */
export async function inTransaction<T>(
  pool: Pool,
  act: (db: PoolClient) => Promise<T>,
  keep: (result: T) => boolean = () => true,
): Promise<T> {
  const db = await pool.connect();
  let broken: Error | undefined;
  // A connection that breaks between two statements emits an error here alone; without a listener it would end the process.
  const onError = (error: Error) => (broken = error);
  db.on('error', onError);
  try {
    await db.query('BEGIN');
    const result = await act(db);
    await db.query(keep(result) ? 'COMMIT' : 'ROLLBACK');
    return result;
  } catch (error) {
    // A connection on which even this fails must not go back to the pool with a transaction open.
    await db.query('ROLLBACK').catch(onError);
    throw error;
  } finally {
    db.off('error', onError);
    db.release(broken);
  }
}
