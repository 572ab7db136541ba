import pg from 'pg';
import { connectionConfig } from './session.js';

/** Enough for the parallel bulk calls of one process; PostgreSQL's default limit is 100 for all together. */
const CONNECTIONS = 10;
/** How long a request may wait for a connection: as long as the gateway waits for an answer, unless it is set otherwise. */
const WAIT_FOR_CONNECTION_MS = 10_000;

/** The connections of one process to one database. */
export function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    ...connectionConfig(url),
    max: CONNECTIONS,
    connectionTimeoutMillis: WAIT_FOR_CONNECTION_MS,
  });
  // A connection that breaks is replaced on next use. Without a listener of its own, for as long as it lives, one that breaks
  // between two statements of whoever uses it would end the process; without one of the pool, one that is idle.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  return pool;
}
