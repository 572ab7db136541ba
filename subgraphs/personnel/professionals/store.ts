import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { inTransaction, listLoader } from '../../../shared/database/index.js';
import type { Caller } from '../../../shared/identity/index.js';
import { instantCursor, type Page, pageOf } from '../../../shared/lists/index.js';
import { idOrNone } from '../../../shared/validation/rules.js';
import { storeAuditEntry } from '../audit/index.js';
import type { Database } from '../database/database.js';
import type { ProfessionalFilter } from '../generated/graphql.js';
import type { Professional, Qualification } from '../generated/prisma/client.js';
import { visibilityOf, visibilityValues } from './access.js';
import * as statements from './statements.js';

/** A professional whom the caller sees. */
export type ProfessionalRow = Omit<
  Professional,
  'person' | 'nameDigest' | 'registryDigest' | 'registeredBy' | 'erasedAt' | 'withdrawnAt'
> & {
  /** Whether the caller is a chamber or an authority that oversees the professional. */
  isCompetent: boolean;
};

export type ProfessionalPage = Page<ProfessionalRow>;

/** A record that is, or may be, of the same person as another. */
export interface DuplicateRow {
  /** The record that it stands beside. */
  professional: string;
  id: string;
  ground: 'NAME' | 'REGISTRY_NUMBER';
  foundAt: Date;
  isSame: boolean | null;
  decidedAt: Date | null;
  other: string;
  /** Whether a chamber or an authority reads it. */
  isCompetent: boolean;
}

/** Reads professionals; each read is recorded in its transaction. */
export class ProfessionalStore {
  readonly #db: Pool;
  readonly #caller: Caller;
  readonly #now: Date;
  readonly #qualifications: DataLoader<string, Qualification[]>;
  readonly #duplicates: DataLoader<string, Omit<DuplicateRow, 'isCompetent'>[]>;

  constructor({ pool }: Database, caller: Caller, now: Date) {
    this.#db = pool;
    this.#caller = caller;
    this.#now = now;
    this.#qualifications = listLoader(
      async (ids) =>
        (
          await this.#db.query<Qualification>({
            name: 'qualifications',
            text: statements.QUALIFICATIONS,
            values: [ids],
          })
        ).rows,
      ({ professionalId }) => professionalId,
    );
    this.#duplicates = listLoader(
      async (ids) =>
        (
          await this.#db.query<Omit<DuplicateRow, 'isCompetent'>>({
            name: 'possible-duplicates',
            text: statements.POSSIBLE_DUPLICATES,
            values: [ids],
          })
        ).rows,
      ({ professional }) => professional,
    );
  }

  /** Returns the professional if the caller sees them. A read of a hidden record is recorded as that of a missing one. */
  find(id: string): Promise<ProfessionalRow | undefined> {
    return inTransaction(this.#db, async (db) => {
      const { rows } = await db.query<ProfessionalRow>({
        name: 'professional-with-id',
        text: statements.PROFESSIONAL_WITH_ID,
        values: [...visibilityValues(visibilityOf(this.#caller)), idOrNone(id)],
      });
      await storeAuditEntry(db, {
        ...this.#reading('professional'),
        people: [idOrNone(id)],
        count: rows.length,
      });
      return rows[0];
    });
  }

  page(
    { area, facility, organisation, profession }: ProfessionalFilter,
    length: number,
    after: string | null | undefined,
  ): Promise<ProfessionalPage> {
    const start = instantCursor.read(after);
    const matches = [
      ...visibilityValues(visibilityOf(this.#caller)),
      area ?? null,
      facility == null ? null : idOrNone(facility),
      organisation == null ? null : idOrNone(organisation),
      profession ?? null,
    ];
    return inTransaction(this.#db, async (db) => {
      const { rows } = await db.query<ProfessionalRow>({
        name: 'professionals-page',
        text: statements.PROFESSIONALS_PAGE,
        values: [...matches, start?.at ?? null, start?.id ?? null, length + 1],
      });
      const shown = rows.slice(0, length);
      await storeAuditEntry(db, {
        ...this.#reading('professionals'),
        people: shown.map(({ id }) => id),
        count: shown.length,
      });
      return {
        ...pageOf(rows, length, {
          cursorOf: ({ registeredAt, id }) => instantCursor.write({ at: registeredAt, id }),
          nodeOf: (row) => row,
          hasPreviousPage: start !== undefined,
        }),
        totalCount: async () => {
          const counted = await this.#db.query<{ count: number }>({
            name: 'professionals-counted',
            text: statements.PROFESSIONALS_COUNTED,
            values: matches,
          });
          return counted.rows[0]!.count;
        },
      };
    });
  }

  qualificationsOf({ id }: ProfessionalRow): Promise<Qualification[]> {
    return this.#qualifications.load(id);
  }

  /** Returns the possible duplicates of a record; null for those who decide about none of them. */
  async duplicatesOf({ id, isCompetent }: ProfessionalRow): Promise<DuplicateRow[] | null> {
    const isOwn = visibilityOf(this.#caller).own === id;
    if (!isOwn && !isCompetent) return null;
    return (await this.#duplicates.load(id)).map((row) => Object.assign({ isCompetent }, row));
  }

  #reading(field: string) {
    return { caller: this.#caller, action: 'READ' as const, field, at: this.#now };
  }
}
