import type { ClientBase, Pool } from 'pg';
import { randomUUID } from 'node:crypto';
import { ofReader, readAudit } from '../../../shared/audit/index.js';
import { actorOf, type Caller, reachOf } from '../../../shared/identity/index.js';
import type { Database } from '../database/database.js';
import type { PatientsAuditFilter } from '../generated/graphql.js';
import type { AuditEntry } from '../generated/prisma/client.js';
import type { Page } from '../../../shared/lists/index.js';
import { idOrNone, isUuid } from '../../../shared/validation/rules.js';
import { NO_DETAIL, type Reading } from './entries.js';
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
    const { areas, facilities } = reachOf(this.#caller, { scope: 'audit:read' });
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
    let tagged: readonly string[] | null = null;
    return readAudit<AuditRow>(this.#db, {
      length,
      after,
      entries: async (db, start, most) => {
        if (tag != null) tagged = await patientsTagged(db, tag.trim());
        const { rows } = await db.query<AuditRow>({
          name: 'audit-entries-page',
          text: ENTRIES_PAGE,
          values: [...limits, tagged, start?.at ?? null, start?.id ?? null, most],
        });
        return rows;
      },
      count: async (db) => {
        const { rows } = await db.query<{ count: number }>({
          name: 'audit-entries-counted',
          text: ENTRIES_COUNTED,
          values: [...limits, tagged],
        });
        return rows[0]!.count;
      },
      recordLook: (db, found) =>
        storeEntries(db, [this.#lookedAt(filter, tagged, found)], this.#now),
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
