import type { PoolClient } from 'pg';
import { inTransaction } from '../../../../shared/database/index.js';
import type { Database } from '../../database/database.js';
import { applyStep, CLOCK, type Ledger, lockLedger, recordStep } from '../ledger/index.js';
import { OVERDUE_HOURS, withdraw } from '../ledger/rules.js';
import { changeOffers } from '../offers/index.js';
import { isOverdue } from './rules.js';
import { ESCALATE, ESCALATE_ONE, OVERDUE_LOCKED } from './statements.js';

/** Escalates every request that nobody has acknowledged in time, and once more what is open at half its time. The requester stays responsible. */
export async function escalateRequests({ pool }: Database, now: Date): Promise<void> {
  await inTransaction(pool, async (db) => {
    const { rows } = await db.query<{ id: string }>({ ...ESCALATE, values: [now] });
    for (const { id } of rows) {
      const ledger = (await lockLedger(db, id))!;
      await recordStep(db, ledger, { act: 'ESCALATE', by: CLOCK, at: now });
    }
  });
}

/** Releases commitments of which nothing was dispatched long after they were expected, and escalates what is open again. */
export async function releaseOverdue({ pool }: Database, now: Date): Promise<void> {
  await inTransaction(pool, async (db) => {
    const { rows } = await db.query<{ id: string }>({
      ...OVERDUE_LOCKED,
      values: [now, OVERDUE_HOURS],
    });
    // All requests are locked; offers follow in one order, as wherever both are locked.
    const parts: { offerId: string; quantity: number }[] = [];
    for (const { id } of rows) parts.push(...(await release(db, (await lockLedger(db, id))!, now)));
    parts.sort((one, other) => (one.offerId < other.offerId ? -1 : 1));
    for (const part of parts) await changeOffers(db, [part], now);
  });
}

async function release(db: PoolClient, ledger: Ledger, now: Date) {
  const parts: { offerId: string; quantity: number }[] = [];
  for (const commitment of ledger.commitments) {
    if (!isOverdue(commitment, ledger.request, now)) continue;
    const change = withdraw(commitment);
    const quantity = -change.committed;
    const line = ledger.lines.find(({ id }) => id === commitment.lineId)!;
    const reason = `Nothing was dispatched ${OVERDUE_HOURS} hours after it was expected.`;
    const step = { act: 'WITHDRAW' as const, by: CLOCK, at: now, quantity, reason };
    await applyStep(db, ledger, { ...step, line, commitment, change });
    if (commitment.offerId !== null) {
      parts.push({ offerId: commitment.offerId, quantity: change.committed });
    }
  }
  await escalate(db, ledger, now);
  return parts;
}

/** Escalates a request, under the lock that `ledger` holds. */
export async function escalate(db: PoolClient, ledger: Ledger, now: Date): Promise<void> {
  await db.query({ ...ESCALATE_ONE, values: [now, ledger.request.id] });
  ledger.request.escalatedAt = now;
  await recordStep(db, ledger, { act: 'ESCALATE', by: CLOCK, at: now });
}
