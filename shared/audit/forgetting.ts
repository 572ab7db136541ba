import type { Pool } from 'pg';
import { AT_ONCE, repeat } from '../personal-data/index.js';

/** Deletes audit entries before $1; at most $2. */
const FORGET_ENTRIES = 'SELECT forget_audit_entries($1::timestamptz, $2::int) AS count';

/** Deletes the entries that are older than an instant, in batches; several replicas may do so at once. */
export function forgetEntries(db: Pool, before: Date): Promise<void> {
  return repeat(async () => {
    const { rows } = await db.query<{ count: string }>(FORGET_ENTRIES, [before, AT_ONCE]);
    return Number(rows[0]!.count);
  });
}
