import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import {
  listLoader,
  recordValues,
  selectionOf,
  namesOf,
  recordsOf,
} from '../../../../shared/database/index.js';
import { runOnce } from '../../../../shared/idempotency/index.js';
import type { Caller } from '../../../../shared/identity/index.js';
import { numberCursor, type Page, pageByNumber } from '../../../../shared/lists/index.js';
import { publish, tagOf } from '../../../../shared/outbox/index.js';
import type { Database } from '../../database/database.js';
import { chainLinkColumns } from '../../generated/columns.js';
import type { DeclareSupplyChainInput } from '../../generated/graphql.js';
import type { ChainLink } from '../../generated/prisma/client.js';
import type { ItemRef } from '../catalogue/index.js';
import type { ChainTopic } from './events.js';
import { riskScore } from './rules.js';

/** A link as it is stored. */
export type ChainLinkRow = ChainLink;

/** The most links that are shown of one item; the risk depends on all. */
const MOST_SHOWN = 200;

const LINKS_OF = `
  SELECT ${selectionOf(chainLinkColumns, 'l')} FROM chain_link l WHERE l.item_id = ANY ($1::uuid[])
  ORDER BY l.item_id, l.tier, l.organisation_id, l.position`;

/** $1 the number of entries before the page, $2 its length. */
const RISKS_PAGE = `
  SELECT r.item_id AS id, (row_number() OVER (ORDER BY r.score DESC, r.item_id))::int AS position
  FROM item_risk r ORDER BY r.score DESC, r.item_id OFFSET $1 LIMIT $2`;

const STORE_RISK = `
  INSERT INTO item_risk (item_id, score) VALUES ($1, $2) ON CONFLICT (item_id) DO UPDATE SET score = excluded.score`;

const STORE_LINKS = `
  INSERT INTO chain_link (${namesOf(chainLinkColumns)})
  SELECT ${namesOf(chainLinkColumns)} FROM ${recordsOf(chainLinkColumns, 1)} AS given`;

export class ChainStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #links: DataLoader<string, ChainLinkRow[]>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#links = listLoader(
      async (items) => (await pool.query<ChainLinkRow>(LINKS_OF, [items])).rows,
      ({ itemId }) => itemId,
    );
  }

  /** Returns all links of an item. The caller of this method decides who may see them. */
  linksOf(item: string): Promise<ChainLinkRow[]> {
    return this.#links.load(item);
  }

  /** Returns the links of an item that are listed, of some organisations or of all. */
  async shownOf(item: string, organisations?: readonly string[]): Promise<ChainLinkRow[]> {
    const links = await this.linksOf(item);
    const shown = organisations
      ? links.filter(({ organisationId }) => organisations.includes(organisationId))
      : links;
    return shown.slice(0, MOST_SHOWN);
  }

  /** Returns the items with a declared chain, the greatest risk first. */
  async risks(
    length: number,
    after: string | null | undefined,
  ): Promise<Page<ItemRef & { position: number }>> {
    const start = numberCursor.read(after) ?? 0;
    const { rows } = await this.#db.query<ItemRef & { position: number }>({
      name: 'supply-risks',
      text: RISKS_PAGE,
      values: [start, length + 1],
    });
    return pageByNumber(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM item_risk',
      );
      return counted.rows[0]!.count;
    });
  }

  /** Replaces the links of an organisation for an item, and the item's risk, under the lock of the item. */
  async declare(
    input: DeclareSupplyChainInput,
    { item, area }: { item: string; area: string },
    caller: Caller,
  ) {
    const call = { caller, field: 'declareSupplyChain', input, now: this.#now };
    const { organisation, links } = input;
    const outcome = await runOnce(this.#db, call, async (db) => {
      await db.query('SELECT FROM item WHERE id = $1 FOR UPDATE', [item]);
      await db.query('DELETE FROM chain_link WHERE organisation_id = $1 AND item_id = $2', [
        organisation,
        item,
      ]);
      const rows = links.map((link, n) => ({
        ...link,
        organisationId: organisation,
        itemId: item,
        position: n + 1,
      }));
      await db.query(
        STORE_LINKS,
        recordValues<keyof typeof chainLinkColumns>(chainLinkColumns, rows),
      );
      const { rows: all } = await db.query<ChainLinkRow>(LINKS_OF, [[item]]);
      const score = riskScore(all);
      if (score === null) await db.query('DELETE FROM item_risk WHERE item_id = $1', [item]);
      else await db.query(STORE_RISK, [item, score]);
      const tags = [tagOf('organisation', organisation)];
      await publish(db, [
        {
          topic: 'supply.chain-declared' satisfies ChainTopic,
          entity: item,
          area,
          tags,
          at: this.#now,
        },
      ]);
      return { __typename: 'Item' as const, id: item };
    });
    this.#links.clearAll();
    return outcome;
  }
}
