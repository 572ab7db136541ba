import type { Pool, PoolClient } from 'pg';
import type { TransferRow } from '../lifecycle/index.js';
import { OPEN_CLAIM, SLOTS_RELIED_ON } from './statements.js';

/** A reserved slot that a transfer relies on. */
export interface UsedSlot {
  /** Id of the transfer. */
  id: string;
  reservation: string | null;
  item: string;
}

/** Returns up to `count` slots that are reserved until after `until`, in the order of the items: those behind `after`, null for the first. */
export async function slotsReliedOn(
  db: Pool,
  { after, until, count }: { after: string | null; until: Date; count: number },
): Promise<UsedSlot[]> {
  const values = [after, until, count];
  return (await db.query<UsedSlot>({ ...SLOTS_RELIED_ON, values })).rows;
}

/** Returns the id of the open job that claims a slot for the present destination of a transfer; undefined when there is none. */
export async function openClaim(
  db: PoolClient,
  { id, attempt }: Pick<TransferRow, 'id' | 'attempt'>,
): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>({ ...OPEN_CLAIM, values: [id, attempt] });
  return rows[0]?.id;
}
