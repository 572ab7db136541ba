import type { ClientBase } from 'pg';
import type { Caller } from '../../../shared/identity/index.js';
import { idOrNone } from '../../../shared/validation/rules.js';
import { visibilityOf } from './access.js';
import * as statements from './statements.js';
import { countedWith, facilitiesConcerned, publishStaffing } from './store-persons.js';

/** A record whose commitments the caller may declare and end. */
export interface LockedRecord {
  id: string;
  /** Whether the caller is the person; otherwise they act for an organisation that employs or has registered them. */
  isOwn: boolean;
}

/** Locks and returns a record of the caller's own, or of an organisation's that they act for; undefined for any other. */
export async function lockForBinding(
  db: ClientBase,
  id: string,
  caller: Caller,
): Promise<LockedRecord | undefined> {
  const { organisations, own } = visibilityOf(caller);
  const { rows } = await db.query<LockedRecord>({
    name: 'record-to-bind',
    text: statements.RECORD_TO_BIND,
    values: [organisations, own, idOrNone(id)],
  });
  return rows[0];
}

/** Publishes to the facilities that employ the person of a record that another body binds them, or no longer. */
export async function publishBinding(db: ClientBase, id: string, at: Date): Promise<void> {
  await publishStaffing(db, await facilitiesConcerned(db, await countedWith(db, [id])), at);
}
