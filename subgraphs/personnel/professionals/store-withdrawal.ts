import type { ClientBase } from 'pg';
import type { Caller } from '../../../shared/identity/index.js';
import { idOrNone } from '../../../shared/validation/rules.js';
import { visibilityOf } from './access.js';
import * as statements from './statements.js';
import {
  type ConcernedFacility,
  countAgain,
  countedWith,
  facilitiesConcerned,
  lockPersons,
  publishStaffing,
} from './store-persons.js';
import type { CountedRecord } from './rules/components.js';

/** A record that the caller may withdraw, as it is before that. */
export interface WithdrawableRecord {
  /** Records that count as the same person, this one included. */
  counted: readonly CountedRecord[];
  facilities: readonly ConcernedFacility[];
}

/** Locks and returns a record of the caller's own, or that their employer has registered; undefined for any other. */
export async function lockWithdrawable(
  db: ClientBase,
  id: string,
  caller: Caller,
): Promise<WithdrawableRecord | undefined> {
  await lockPersons(db);
  const { facilities, organisations, own } = visibilityOf(caller);
  const { rows } = await db.query<{ id: string }>({
    name: 'erasable',
    text: statements.ERASABLE,
    values: [facilities, organisations, own, idOrNone(id)],
  });
  if (rows.length === 0) return undefined;
  const counted = await countedWith(db, [id]);
  return { counted, facilities: await facilitiesConcerned(db, counted, [id]) };
}

/** The person of a locked record counts by it no longer, and no employer and no Kreis of it is left. */
export async function withdraw(
  db: ClientBase,
  id: string,
  { record, at }: { record: WithdrawableRecord; at: Date },
): Promise<void> {
  await db.query({ name: 'withdraw', text: statements.WITHDRAW, values: [id, at] });
  await countAgain(db, record.counted);
  await publishStaffing(db, record.facilities, at);
}
