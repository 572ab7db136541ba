import type { ClientBase } from 'pg';
import { ofReader } from '../../../shared/audit/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import type { AuditAction } from '../generated/prisma/client.js';
import { STORE_ENTRY } from './statements.js';

/** One act of a caller with the records of professionals. */
export interface AuditedAct {
  caller: Caller;
  action: AuditAction;
  /** The root field by which the caller acts. */
  field: string;
  /** Ids of the records that are disclosed or changed, or that were requested. */
  people: readonly string[];
  /** How many records are disclosed or changed; of a read of the audit the number of entries. 0 where nothing is. */
  count: number;
  at: Date;
}

/** Stores an audit entry in the transaction of `db`: without the entry nothing is disclosed or changed. */
export async function storeAuditEntry(
  db: ClientBase,
  { caller, action, field, people, count, at }: AuditedAct,
): Promise<void> {
  const { roles, areas, readerFacilities } = ofReader(caller);
  await db.query({
    name: 'store-audit-entry',
    text: STORE_ENTRY,
    values: [
      at,
      actorOf(caller),
      roles,
      action,
      field,
      people,
      count > 0,
      count,
      areas,
      readerFacilities,
    ],
  });
}
