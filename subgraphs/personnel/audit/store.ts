import type { Pool } from 'pg';
import { readAudit } from '../../../shared/audit/index.js';
import { type Caller, reachOf } from '../../../shared/identity/index.js';
import type { Page } from '../../../shared/lists/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import type { PersonnelAuditFilter } from '../generated/graphql.js';
import type { AuditEntry } from '../generated/prisma/client.js';
import { ENTRIES_COUNTED, ENTRIES_PAGE } from './statements.js';
import { storeAuditEntry } from './store-writing.js';

/** An audit entry as it is returned. */
export type AuditRow = Omit<AuditEntry, 'areas' | 'facilities'>;

export type AuditPage = Page<AuditRow>;

/** Reads the audit for supervision. */
export class AuditStore {
  readonly #db: Pool;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, caller: Caller, now: Date) {
    this.#db = pool;
    this.#caller = caller;
    this.#now = now;
  }

  /** Entries within the caller's areas and for the caller's facilities, newest first. The look itself is recorded with it. */
  page(
    { person, by, facility, area, from, until }: PersonnelAuditFilter,
    length: number,
    after: string | null | undefined,
  ): Promise<AuditPage> {
    const { areas, facilities } = reachOf(this.#caller, { scope: 'audit:read' });
    const matches = [
      areas,
      facilities.filter(isUuid),
      person ?? null,
      by ?? null,
      facility ?? null,
      area ?? null,
      from ?? null,
      until ?? null,
    ];
    return readAudit<AuditRow>(this.#db, {
      length,
      after,
      entries: async (db, start, most) => {
        const { rows } = await db.query<AuditRow>({
          name: 'audit-entries-page',
          text: ENTRIES_PAGE,
          values: [...matches, start?.at ?? null, start?.id ?? null, most],
        });
        return rows;
      },
      count: async (db) => {
        const { rows } = await db.query<{ count: number }>({
          name: 'audit-entries-counted',
          text: ENTRIES_COUNTED,
          values: matches,
        });
        return rows[0]!.count;
      },
      recordLook: (db, count) =>
        storeAuditEntry(db, {
          caller: this.#caller,
          action: 'READ_AUDIT',
          field: 'personnelAuditEntries',
          people: person == null ? [] : [person],
          count,
          at: this.#now,
        }),
    });
  }
}
