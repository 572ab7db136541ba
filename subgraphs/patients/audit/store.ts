import type { Pool } from 'pg';
import { randomUUID } from 'node:crypto';
import { inTransaction } from '../../../shared/database/transaction.js';
import { actorOf, type Caller } from '../../../shared/identity/caller.js';
import type { Database } from '../database/database.js';
import type { AuditAction, AuditPurpose, PatientsAuditFilter } from '../generated/graphql.js';
import { pageOf, placeOf, type Page } from '../lists/page.js';
import { idOrNobody, isId } from '../access/visibility.js';
import { NO_DETAIL, ofReader, type Reading } from './entries.js';
import { ENTRIES_COUNTED, ENTRIES_PAGE } from './statements.js';
import { storeEntries, type ReadBy } from './store-writing.js';

/** An entry as it is kept. */
export interface AuditRow {
  id: string;
  at: Date;
  by: string;
  roles: string[];
  action: AuditAction;
  purpose: AuditPurpose;
  statedPurpose: string | null;
  found: boolean;
  field: string | null;
  operation: string | null;
  criteria: string | null;
  patients: string[];
  count: number;
  incident: string | null;
  transfer: string | null;
}

export type AuditPage = Page<AuditRow>;

/** Stores who read what, and reads it for those who supervise. */
export class AuditStore {
  readonly #db: Pool;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, caller: Caller, now: Date) {
    this.#db = pool;
    this.#caller = caller;
    this.#now = now;
  }

  async store(reads: readonly ReadBy[]): Promise<void> {
    await storeEntries(this.#db, reads, this.#now);
  }

  /** Entries within the caller's areas and for the caller's facilities, newest first. The look itself is recorded with it. */
  page(
    filter: PatientsAuditFilter,
    length: number,
    after: string | null | undefined,
  ): Promise<AuditPage> {
    const start = placeOf(after);
    const { areas, facilities } = this.#caller.claims;
    const { patient, by, area, from, to } = filter;
    const matches = [
      ...[areas, facilities.filter(isId), patient == null ? null : idOrNobody(patient)],
      ...[by ?? null, area ?? null, from ?? null, to ?? null],
    ];
    return inTransaction(this.#db, async (db) => {
      const { rows } = await db.query<AuditRow>({
        name: 'audit-entries-page',
        text: ENTRIES_PAGE,
        values: [...matches, start?.at ?? null, start?.id ?? null, length + 1],
      });
      const counted = await db.query<{ count: number }>({
        name: 'audit-entries-counted',
        text: ENTRIES_COUNTED,
        values: matches,
      });
      await storeEntries(db, [this.#lookedAt(filter, Math.min(rows.length, length))], this.#now);
      const { edges, ...page } = pageOf(rows, length, start, async () => counted.rows[0]!.count);
      const withRows = edges.map(({ cursor }, index) => ({ cursor, node: rows[index]! }));
      return { ...page, edges: withRows };
    });
  }

  #lookedAt(filter: PatientsAuditFilter, count: number): ReadBy {
    const { patient } = filter;
    const reading: Reading = {
      ...{ ...NO_DETAIL, ...ofReader(this.#caller) },
      ...{ action: 'READ_AUDIT', purpose: 'SUPERVISION', found: count > 0, count },
      field: 'patientsAuditEntries',
      criteria: { patientsAuditEntries: { filter } },
      patients: patient != null && isId(patient) ? [patient] : [],
    };
    const reader = { id: randomUUID(), by: actorOf(this.#caller), operation: null };
    return { reading, readers: [reader] };
  }
}
