import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { rowLoader } from '../../../../shared/database/index.js';
import { nameCursor, type Page, pageByName } from '../../../../shared/lists/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import type { ItemFilter } from '../../generated/graphql.js';
import { type ItemRow, pznOf } from './rules.js';
import * as statements from './statements.js';

/** An item by its id; its fields are read when a query selects them. */
export interface ItemRef {
  id: string;
}

export type ItemPage = Page<ItemRef>;

export class ItemStore {
  readonly #db: Pool;
  readonly #found: DataLoader<string, ItemRow | undefined>;

  constructor({ pool }: Database) {
    this.#db = pool;
    this.#found = rowLoader(
      (references) => this.#load(references),
      ({ reference }) => reference,
    );
  }

  /** Returns the item that a reference names: its id, or `pzn:` and a Pharmazentralnummer. */
  find(reference: string): Promise<ItemRow | undefined> {
    return this.#found.load(reference);
  }

  /** Returns the items that references name, by the reference; those that name none are left out. */
  async findAll(references: readonly string[]): Promise<ReadonlyMap<string, ItemRow>> {
    const rows = await this.#load(references);
    return new Map(rows.map((row) => [row.reference, row]));
  }

  /** Returns the row of an existing item. */
  async get({ id }: ItemRef): Promise<ItemRow> {
    const row = await this.#found.load(id);
    if (!row) throw new Error(`Item ${id} has vanished.`);
    return row;
  }

  async page(
    { kinds, pzn, text }: ItemFilter,
    length: number,
    after: string | null | undefined,
  ): Promise<ItemPage> {
    const start = nameCursor.read(after);
    const filter = [kinds ?? null, pzn ?? null, text ?? null];
    const { rows } = await this.#db.query<{ name: string; id: string }>({
      name: 'items-page',
      text: statements.ITEMS_PAGE,
      values: [...filter, start?.name ?? null, start?.id ?? null, length + 1],
    });
    return pageByName(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>(statements.ITEMS_COUNTED, filter);
      return counted.rows[0]!.count;
    });
  }

  async #load(references: readonly string[]): Promise<(ItemRow & { reference: string })[]> {
    const numbers = references.flatMap((reference) => pznOf(reference) ?? []);
    const { rows } = await this.#db.query<ItemRow>({
      name: 'items-found',
      text: statements.ITEMS_FOUND,
      values: [references.filter(isUuid), numbers],
    });
    const [byId, byNumber] = [
      new Map(rows.map((row) => [row.id, row])),
      new Map(rows.map((row) => [row.pzn, row])),
    ];
    return references.flatMap((reference) => {
      const pzn = pznOf(reference);
      const row = pzn === undefined ? byId.get(reference) : byNumber.get(pzn);
      return row ? { ...row, reference } : [];
    });
  }
}
