import pg from 'pg';

/** Enough for the parallel bulk calls of one process; PostgreSQL's default limit is 100 for all together. */
const CONNECTIONS = 10;

/** The connections of one process to one database. */
export function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  // A connection that breaks while idle is replaced on next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
