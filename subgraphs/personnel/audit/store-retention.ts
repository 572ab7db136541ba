import type { Pool } from 'pg';
import { AT_ONCE, repeat } from '../../../shared/personal-data/index.js';
import { FORGET_AUDIT } from './statements.js';

/** Deletes the entries that are older than an instant. */
export function forgetEntries(db: Pool, before: Date): Promise<void> {
  return repeat(async () => {
    const { rows } = await db.query<{ count: string }>(FORGET_AUDIT, [before, AT_ONCE]);
    return Number(rows[0]!.count);
  });
}
