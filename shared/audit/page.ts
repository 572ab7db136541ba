import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../database/index.js';
import { instantCursor, type InstantPosition, type Page, pageByInstant } from '../lists/index.js';

/** A page of an audit that a supervisor requests. */
export interface AuditQuery<Row extends InstantPosition> {
  length: number;
  after: string | null | undefined;
  /** Returns the entries that match, newest first from behind a position, at most as many as given. */
  entries(db: ClientBase, start: InstantPosition | undefined, most: number): Promise<Row[]>;
  /** Returns how many entries match. */
  count(db: ClientBase): Promise<number>;
  /** Stores the entry of this look; `found` is the number of entries that it shows. */
  recordLook(db: ClientBase, found: number): Promise<void>;
}

/**
 * Returns a page of audit entries, newest first. The look itself is recorded in the same transaction: without its entry nothing is shown,
 * and no look shows itself.
 */
export async function readAudit<Row extends InstantPosition>(
  pool: Pool,
  { length, after, entries, count, recordLook }: AuditQuery<Row>,
): Promise<Page<Row>> {
  const start = instantCursor.read(after);
  return inTransaction(pool, async (db) => {
    const rows = await entries(db, start, length + 1);
    const total = await count(db);
    await recordLook(db, Math.min(rows.length, length));
    const { edges, ...page } = pageByInstant(rows, length, start, async () => total);
    const withRows = edges.map(({ cursor }, index) => ({ cursor, node: rows[index]! }));
    return { ...page, edges: withRows };
  });
}
