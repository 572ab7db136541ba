import type { ClientBase, Pool } from 'pg';
import { randomUUID } from 'node:crypto';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { NO_DETAIL, ofReader, type Reader, type Reading } from './entries.js';
import { STORE_ENTRIES } from './statements.js';

/** What was read, with all who read it. */
export interface ReadWithReaders {
  reading: Reading;
  readers: readonly Reader[];
}

/** Stores records in one statement, however many there are. One whose id is known is stored already. */
export async function storeEntries(
  db: ClientBase | Pool,
  reads: readonly ReadWithReaders[],
  at: Date,
): Promise<void> {
  const readings = reads.map(({ reading }, position) => ({ position, ...reading }));
  const readers = reads.flatMap((read, position) =>
    read.readers.map((reader) => ({ position, ...reader })),
  );
  await db.query({
    ...STORE_ENTRIES,
    values: [JSON.stringify(readings), JSON.stringify(readers), at],
  });
}

/** That somebody searched a person or looked at a name, or said who a person is. */
export interface AuditedAction {
  caller: Caller;
  action: 'FIND_BY_TAG' | 'REVEAL_IDENTITY' | 'RECORD_IDENTITY' | 'ERASE';
  /** Who was asked for, whether or not there is such a patient; null for a search that found nobody. */
  patient: string | null;
  /** Whether anything was shown or done. */
  found: boolean;
  purpose: string;
  at: Date;
}

/** Writes an audit entry in the transaction that `db` is in: what is not written down was not shown either. */
export async function storeAuditEntry(
  db: ClientBase,
  { caller, action, patient, found, purpose, at }: AuditedAction,
): Promise<void> {
  const reading: Reading = {
    ...{ ...NO_DETAIL, ...ofReader(caller), action, found, purpose: 'STATED' },
    statedPurpose: purpose,
    patients: patient === null ? [] : [patient],
    count: found ? 1 : 0,
  };
  const reader = { id: randomUUID(), by: actorOf(caller), operation: null };
  await storeEntries(db, [{ reading, readers: [reader] }], at);
}
