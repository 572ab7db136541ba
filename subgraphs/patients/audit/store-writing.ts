import type { ClientBase, Pool } from 'pg';
import { randomUUID } from 'node:crypto';
import { ofReader } from '../../../shared/audit/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { NO_DETAIL, type Reader, type Reading } from './entries.js';
import { STORE_ENTRIES } from './statements.js';

/** A reading with all its readers. */
export interface ReadWithReaders {
  reading: Reading;
  readers: readonly Reader[];
}

/** Stores any number of records in one statement; it skips records whose id is already stored. */
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

/** A search, a read or a record of an identity, or an erasure, with the purpose that the caller stated. */
export interface AuditedAction {
  caller: Caller;
  action: 'FIND_BY_TAG' | 'REVEAL_IDENTITY' | 'RECORD_IDENTITY' | 'ERASE';
  /** The requested patient, also if none has the id; null for a search that found nobody. */
  patient: string | null;
  /** Whether the action disclosed or changed anything. */
  found: boolean;
  purpose: string;
  at: Date;
}

/** Stores an audit entry in the transaction of `db`: without the entry nothing is disclosed. */
export async function storeAuditEntry(
  db: ClientBase,
  { caller, action, patient, found, purpose, at }: AuditedAction,
): Promise<void> {
  const reading: Reading = {
    ...NO_DETAIL,
    ...ofReader(caller),
    action,
    found,
    purpose: 'STATED',
    statedPurpose: purpose,
    patients: patient === null ? [] : [patient],
    count: found ? 1 : 0,
  };
  const reader = { id: randomUUID(), by: actorOf(caller), operation: null };
  await storeEntries(db, [{ reading, readers: [reader] }], at);
}
