import type { ClientBase, Pool } from 'pg';
import { randomUUID } from 'node:crypto';
import { inTransaction } from '../../../shared/database/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import type { Database } from '../database/database.js';
import type { PatientsAuditFilter } from '../generated/graphql.js';
import type { AuditEntry } from '../generated/prisma/client.js';
import { instantCursor, type Page, pageByInstant } from '../../../shared/lists/index.js';
import { idOrNone, isUuid } from '../../../shared/validation/rules.js';
import { NO_DETAIL, ofReader, type Reading } from './entries.js';
import { ENTRIES_COUNTED, ENTRIES_PAGE, PATIENTS_TAGGED } from './statements.js';
import { storeEntries, type ReadWithReaders } from './store-writing.js';

/** An audit entry as it is returned. */
export type AuditRow = Omit<AuditEntry, 'criteria' | 'areas' | 'facilities'> & {
  /** A JSON object. */
  criteria: string | null;
};

export type AuditPage = Page<AuditRow>;

/** Stores reads of patient detail, and reads the audit for supervision. */
export class AuditStore {
  readonly #db: Pool;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, caller: Caller, now: Date) {
    this.#db = pool;
    this.#caller = caller;
    this.#now = now;
  }

  async store(reads: readonly ReadWithReaders[]): Promise<void> {
    await storeEntries(this.#db, reads, this.#now);
  }

  /** Entries within the caller's areas and for the caller's facilities, newest first. The look itself is recorded with it. */
  page(
    filter: PatientsAuditFilter,
    length: number,
    after: string | null | undefined,
  ): Promise<AuditPage> {
    const start = instantCursor.read(after);
    const { areas, facilities } = this.#caller.claims;
    const { patient, by, area, from, until, tag } = filter;
    const limits = [
      areas,
      facilities.filter(isUuid),
      patient == null ? null : idOrNone(patient),
      by ?? null,
      area ?? null,
      from ?? null,
      until ?? null,
    ];
    return inTransaction(this.#db, async (db) => {
      const tagged = tag == null ? null : await patientsTagged(db, tag.trim());
      const matches = [...limits, tagged];
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
      await storeEntries(
        db,
        [this.#lookedAt(filter, tagged, Math.min(rows.length, length))],
        this.#now,
      );
      const { edges, ...page } = pageByInstant(
        rows,
        length,
        start,
        async () => counted.rows[0]!.count,
      );
      const withRows = edges.map(({ cursor }, index) => ({ cursor, node: rows[index]! }));
      return { ...page, edges: withRows };
    });
  }

  /** A tag is a word about a person that an erasure has to reach, so that entries name its patients instead. */
  #lookedAt(
    { tag: _, ...filter }: PatientsAuditFilter,
    tagged: readonly string[] | null,
    count: number,
  ): ReadWithReaders {
    const { patient } = filter;
    const named = patient != null && isUuid(patient) ? [patient] : [];
    const reading: Reading = {
      ...NO_DETAIL,
      ...ofReader(this.#caller),
      action: 'READ_AUDIT',
      purpose: 'SUPERVISION',
      found: count > 0,
      count,
      field: 'patientsAuditEntries',
      criteria: { patientsAuditEntries: { filter } },
      patients: [...new Set([...named, ...(tagged ?? [])])],
    };
    const reader = { id: randomUUID(), by: actorOf(this.#caller), operation: null };
    return { reading, readers: [reader] };
  }
}

async function patientsTagged(db: ClientBase, tag: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ ids: string[] | null }>({
    name: 'audit-patients-tagged',
    text: PATIENTS_TAGGED,
    values: [tag],
  });
  return rows[0]?.ids ?? [];
}
