import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { listLoader, rowLoader } from '../../../../shared/database/index.js';
import { nameCursor, type Page, pageByName } from '../../../../shared/lists/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import type { ShortageNoticeFilter, ShortageStatus } from '../../generated/graphql.js';
import type { ShortageNotice, ShortagePack } from '../../generated/prisma/client.js';
import * as statements from './statements.js';

/** A notice by its id; its fields are read when a query selects them. */
export interface NoticeRef {
  id: string;
}

export type NoticePage = Page<NoticeRef>;

type Days = 'startsOn' | 'endsOn' | 'reportedOn' | 'firstReportedOn';

/** A notice as it is shown; days are YYYY-MM-DD. */
export type NoticeRow = Omit<ShortageNotice, Days | 'digest'> &
  Record<Days, string | null> & { status: ShortageStatus };

/** A pack with the item of its number; null where there is none. */
export type PackRow = ShortagePack & { itemId: string | null };

/** The most notices that are shown of one item. */
const MOST_OF_ITEM = 20;
/** A number that no pack has, for an item that does not exist or has none. */
const NO_NUMBER = '';

export class NoticeStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #byId: DataLoader<string, NoticeRow | undefined>;
  readonly #packs: DataLoader<string, PackRow[]>;
  readonly #ofItem: DataLoader<string, NoticeRef[]>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#byId = rowLoader(
      (ids) => this.#load(ids),
      ({ id }) => id,
    );
    this.#packs = listLoader(
      async (ids) => (await pool.query<PackRow>(statements.PACKS_OF, [ids])).rows,
      ({ noticeId }) => noticeId,
    );
    const ofItem = listLoader<NoticeRef & { item: string }>(
      async (items) => {
        const { rows } = await pool.query<NoticeRef & { item: string }>({
          name: 'shortage-notices-of-items',
          text: statements.NOTICES_OF_ITEMS,
          values: [items, now, MOST_OF_ITEM],
        });
        return rows;
      },
      ({ item }) => item,
    );
    this.#ofItem = ofItem;
  }

  /** Returns the row of an existing notice. */
  async get({ id }: NoticeRef): Promise<NoticeRow> {
    const row = await this.#byId.load(id);
    if (!row) throw new Error(`Shortage notice ${id} has vanished.`);
    return row;
  }

  packsOf(id: string): Promise<PackRow[]> {
    return this.#packs.load(id);
  }

  /** Returns the notices of an item that have not ended, those in force first, at most 20. */
  ofItem(item: string): Promise<NoticeRef[]> {
    return this.#ofItem.load(item);
  }

  /** `pzn` is that of the filter's item; null for an item without one or an unknown one. */
  async page(
    { item, statuses, hospitalRelevant, text }: ShortageNoticeFilter,
    pzn: string | null,
    length: number,
    after: string | null | undefined,
  ): Promise<NoticePage> {
    const start = nameCursor.read(after);
    const filter = [
      item == null ? null : (pzn ?? NO_NUMBER),
      statuses ?? null,
      hospitalRelevant ?? null,
      text ?? null,
      this.#now,
    ];
    const { rows } = await this.#db.query<{ name: string; id: string }>({
      name: 'shortage-notices-page',
      text: statements.NOTICES_PAGE,
      values: [...filter, start?.name ?? null, start?.id ?? null, length + 1],
    });
    return pageByName(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>(statements.NOTICES_COUNTED, filter);
      return counted.rows[0]!.count;
    });
  }

  async #load(ids: readonly string[]): Promise<NoticeRow[]> {
    const { rows } = await this.#db.query<NoticeRow>({
      name: 'shortage-notices-by-id',
      text: statements.NOTICES_BY_ID,
      values: [ids.filter(isUuid), this.#now],
    });
    return rows;
  }
}
