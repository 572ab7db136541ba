import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { Database } from '../../database/database.js';
import type { IncidentFilter, TriageCategory } from '../../generated/graphql.js';
import type { IncidentEntry } from '../../generated/prisma/client.js';
import { instantCursor, type Page, pageByInstant } from '../../../../shared/lists/index.js';
import { listsByKey, rowLoader } from '../../../../shared/database/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { IncidentRow, SectionRow } from './rules.js';
import * as statements from './statements.js';

/** An incident by its id; its fields are read when a query selects them. */
export interface IncidentRef {
  id: string;
}

export type IncidentPage = Page<IncidentRef>;

/** An entry of a timeline. */
export type EntryRow = Pick<IncidentEntry, 'kind' | 'at' | 'by' | 'text'>;

/** Numbers of casualties who are in no facility yet. */
export interface RemainingCasualties {
  atScene: number;
  onTheWay: number;
}

/** The number of newest entries of a timeline that are returned. */
const MOST_ENTRIES = 500;
const NOBODY: RemainingCasualties = { atScene: 0, onTheWay: 0 };

export class IncidentStore {
  readonly #db: Pool;
  readonly #byId: DataLoader<string, IncidentRow | undefined>;
  readonly #sections: DataLoader<string, SectionRow[]>;
  readonly #timelines: DataLoader<string, EntryRow[]>;
  readonly #casualties: DataLoader<string, Map<TriageCategory, number>>;
  readonly #remaining: DataLoader<string, RemainingCasualties>;

  constructor({ pool }: Database) {
    this.#db = pool;
    this.#byId = rowLoader(
      (ids) => this.#load(ids),
      ({ id }) => id,
    );
    this.#sections = new DataLoader((ids) => this.#lists(statements.SECTIONS_OF, ids));
    this.#timelines = new DataLoader((ids) =>
      this.#lists(statements.TIMELINES_OF, ids, [MOST_ENTRIES]),
    );
    this.#casualties = new DataLoader((ids) => this.#count(ids));
    this.#remaining = new DataLoader(async (ids) =>
      (await this.#lists<RemainingCasualties>(statements.REMAINING_OF, ids)).map(
        ([row]) => row ?? NOBODY,
      ),
    );
  }

  find(id: string): Promise<IncidentRow | undefined> {
    return this.#byId.load(id);
  }

  /** Returns the row of an existing incident. */
  async get({ id }: IncidentRef): Promise<IncidentRow> {
    const row = await this.#byId.load(id);
    if (!row) throw new Error(`Incident ${id} has vanished.`);
    return row;
  }

  /** Loads many incidents in one statement for later single reads, each of which reports a failure of it again. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  sectionsOf(id: string): Promise<SectionRow[]> {
    return this.#sections.load(id);
  }

  /** Returns the timeline. The caller of this method decides who may see it. */
  timelineOf(id: string): Promise<EntryRow[]> {
    return this.#timelines.load(id);
  }

  /** Returns the number of casualties of each category that occurs. The caller of this method decides who may see it. */
  casualtiesOf(id: string): Promise<ReadonlyMap<TriageCategory, number>> {
    return this.#casualties.load(id);
  }

  remainingOf(id: string): Promise<RemainingCasualties> {
    return this.#remaining.load(id);
  }

  async page(
    { area, status, hazards }: IncidentFilter,
    length: number,
    after: string | null | undefined,
  ): Promise<IncidentPage> {
    const start = instantCursor.read(after);
    const filter = [area ?? '', status ?? null, hazards ?? null];
    const { rows } = await this.#db.query<{ id: string; at: Date }>({
      name: 'incidents-page',
      text: statements.INCIDENTS_PAGE,
      values: [...filter, start?.at ?? null, start?.id ?? null, length + 1],
    });
    return pageByInstant(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>(statements.INCIDENTS_COUNTED, filter);
      return counted.rows[0]!.count;
    });
  }

  /** Drops the cached reads of an incident after a change. */
  forget(id: string): void {
    this.#byId.clear(id);
    this.#sections.clear(id);
    this.#timelines.clear(id);
    this.#casualties.clear(id);
    this.#remaining.clear(id);
  }

  /** Drops the cached numbers of casualties and timelines of all incidents. */
  forgetCasualties(): void {
    this.#timelines.clearAll();
    this.#casualties.clearAll();
    this.#remaining.clearAll();
  }

  async #load(ids: readonly string[]): Promise<IncidentRow[]> {
    const { rows } = await this.#db.query<IncidentRow>({
      name: 'incidents-by-id',
      text: statements.INCIDENTS_BY_ID,
      values: [ids.filter(isUuid)],
    });
    return rows;
  }

  async #count(ids: readonly string[]): Promise<Map<TriageCategory, number>[]> {
    const lists = await this.#lists<{ category: TriageCategory; count: number }>(
      statements.CASUALTIES_OF,
      ids,
    );
    return lists.map((list) => new Map(list.map(({ category, count }) => [category, count])));
  }

  /** Returns the rows of each incident, in their order. */
  async #lists<Row>(
    text: string,
    ids: readonly string[],
    values: readonly unknown[] = [],
  ): Promise<Row[][]> {
    const { rows } = await this.#db.query<Row & { incident: string }>(text, [ids, ...values]);
    return listsByKey<Row & { incident: string }>(ids, rows, ({ incident }) => incident);
  }
}
