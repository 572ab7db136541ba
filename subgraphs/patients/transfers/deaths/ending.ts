import type { PoolClient } from 'pg';
import type { TransferRow } from '../lifecycle/row.js';
import { ENDED, type Party } from '../lifecycle/rules.js';
import { ACTIVE_TRANSFER } from '../lifecycle/statements.js';
import { advance, lockUnseen } from '../lifecycle/transition.js';

const CARE: ReadonlySet<Party> = new Set(['CARE']);
/** How often a death is recorded anew when others are faster. Each time somebody has begun another transfer meanwhile. */
const MOST_TRIES = 5;

/** A transfer began after it was looked for and before the patient was locked. */
class Overtaken extends Error {}

/**
 * The patient's transfer that has not ended, locked: before the patient is, as everywhere. One that ended while its lock was
 * waited for is none. `seen` are the values of ACTIVE_TRANSFER.
 */
export async function lockActive(
  db: PoolClient,
  seen: readonly unknown[],
): Promise<TransferRow | undefined> {
  const id = await activeId(db, seen);
  const transfer = id === undefined ? undefined : await lockUnseen(db, id);
  return transfer && !ENDED.includes(transfer.status) ? transfer : undefined;
}

/**
 * Under the patient's lock, when no transfer can begin any more: makes sure that none began before. It could not be locked
 * now, because whoever has it may wait for the patient; so `untilNotOvertaken` undoes everything and begins anew.
 */
export async function checkNotOvertaken(
  db: PoolClient,
  seen: readonly unknown[],
  transfer: TransferRow | undefined,
): Promise<void> {
  if ((await activeId(db, seen)) !== transfer?.id) throw new Overtaken();
}

/** Does a whole transaction, and again as long as a transfer began between its locks. */
export async function untilNotOvertaken<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction();
    } catch (error) {
      if (!(error instanceof Overtaken) || tries === MOST_TRIES) throw error;
    }
  }
}

/** Ends the transfer of somebody who died. Gives the errands to be done in capacity once it is committed. */
export async function endByDeath(
  db: PoolClient,
  transfer: TransferRow,
  by: string,
  at: Date,
): Promise<string[]> {
  const ended = await advance(db, transfer, CARE, { act: 'DIE', by, at });
  if ('no' in ended) throw new Error(ended.reason);
  return ended.errands;
}

async function activeId(db: PoolClient, seen: readonly unknown[]): Promise<string | undefined> {
  return (await db.query<{ id: string }>({ ...ACTIVE_TRANSFER, values: [...seen] })).rows[0]?.id;
}
