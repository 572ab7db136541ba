import type pg from 'pg';
import { MINUTE_MS } from '../time/rules.js';
import { LanedPool, type Lane } from './laned-pool.js';
import { connectionConfig } from './session.js';
import type { WorkKind } from './work.js';

/** How long a subgraph may take to answer a request, where no setting says otherwise. */
const DEFAULT_RESPONSE_MS = 10_000;

/**
 * The connections of one process to one database, by kind of work; they are opened when they are needed. PostgreSQL's default
 * limit is 100 for all processes together, and while a service is replaced there are two of it. Statements of requests end
 * before the gateway gives up on the response; the others are bounded so that one that hangs is noticed.
 */
function lanes(responseMs: number): Record<WorkKind, Lane> {
  return {
    read: { connections: 8, statementTimeoutMs: responseMs * 0.5 },
    heavyRead: { connections: 2, statementTimeoutMs: responseMs * 0.5, waitMs: responseMs * 0.3 },
    // Enough for the parallel bulk calls of one process.
    change: { connections: 10, statementTimeoutMs: responseMs * 0.9 },
    timer: { connections: 4, statementTimeoutMs: MINUTE_MS },
    import: { connections: 1, statementTimeoutMs: 600_000 },
  };
}

/** `responseMs` is how long the gateway waits for a response of this service. */
export function openPool(url: string, responseMs: number = DEFAULT_RESPONSE_MS): pg.Pool {
  const pool = new LanedPool(
    // No request waits for a connection longer than the gateway waits for its response.
    { ...connectionConfig(url), connectionTimeoutMillis: responseMs },
    lanes(responseMs),
  );
  // A connection that breaks is replaced on next use. Without a listener of its own, for as long as it lives, one that breaks
  // between two statements of its user would end the process; without one of the pool, one that is idle.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  return pool;
}
