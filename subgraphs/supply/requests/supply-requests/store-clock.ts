import { inTransaction } from '../../../../shared/database/index.js';
import type { Database } from '../../database/database.js';
import { CLOCK, lockLedger, recordStep } from '../ledger/index.js';
import { ESCALATE } from './statements.js';

/** Escalates, once, every request that nobody has acknowledged in time. The requester stays responsible. */
export async function escalateRequests({ pool }: Database, now: Date): Promise<void> {
  await inTransaction(pool, async (db) => {
    const { rows } = await db.query<{ id: string }>({ ...ESCALATE, values: [now] });
    for (const { id } of rows) {
      const ledger = (await lockLedger(db, id))!;
      await recordStep(db, ledger, { act: 'ESCALATE', by: CLOCK, at: now });
    }
  });
}
