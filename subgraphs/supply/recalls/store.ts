import type { Pool, PoolClient } from 'pg';
import { listLoader, rowLoader } from '../../../shared/database/index.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import type { EndRecallInput, RecallBatchInput } from '../generated/graphql.js';
import type { BatchRecall } from '../generated/prisma/client.js';
import { judgeStocks } from '../stocks/index.js';
import {
  BOOKINGS_TO_REVIEW,
  END_RECALL,
  HOLDINGS,
  IN_TRANSIT,
  LOCK_HOLDERS,
  RECALLS_BY_ID,
  STORE_RECALL,
} from './statements.js';

export interface RecallRef {
  id: string;
}

export type RecallRow = Omit<BatchRecall, 'by' | 'endedBy'>;

export interface HoldingRow {
  recall: string;
  stock: string;
  quantity: number;
  unknownBatch: boolean;
}

export interface RecalledShipmentRow {
  recall: string;
  shipmentId: string;
  facility: string | null;
  organisation: string | null;
  quantity: number;
  unknownBatch: boolean;
}

export interface ReviewRow {
  recall: string;
  booking: string;
}

interface ConcernedStock {
  facility: string | null;
  organisation: string | null;
}

/** Recalls of batches, and who has some of them. */
export class RecallStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #byId;
  readonly #holdings;
  readonly #inTransit;
  readonly #toReview;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#byId = rowLoader<RecallRow>(
      async (ids) => (await pool.query<RecallRow>(RECALLS_BY_ID, [ids.filter(isUuid)])).rows,
      ({ id }) => id,
    );
    this.#holdings = listLoader<HoldingRow>(
      async (ids) => (await pool.query<HoldingRow>(HOLDINGS, [ids])).rows,
      ({ recall }) => recall,
    );
    this.#inTransit = listLoader<RecalledShipmentRow>(
      async (ids) => (await pool.query<RecalledShipmentRow>(IN_TRANSIT, [ids])).rows,
      ({ recall }) => recall,
    );
    this.#toReview = listLoader<ReviewRow>(
      async (ids) => (await pool.query<ReviewRow>(BOOKINGS_TO_REVIEW, [ids])).rows,
      ({ recall }) => recall,
    );
  }

  /** Returns the row of an existing recall. */
  async get({ id }: RecallRef): Promise<RecallRow> {
    const row = await this.#byId.load(id);
    if (!row) throw new Error(`Recall ${id} has vanished.`);
    return row;
  }

  /** Returns the row of a recall; undefined if there is none. */
  find(id: string): Promise<RecallRow | undefined> {
    return this.#byId.load(id);
  }

  holdingsOf(recall: string): Promise<HoldingRow[]> {
    return this.#holdings.load(recall);
  }

  inTransitOf(recall: string): Promise<RecalledShipmentRow[]> {
    return this.#inTransit.load(recall);
  }

  bookingsToReview(recall: string): Promise<ReviewRow[]> {
    return this.#toReview.load(recall);
  }

  /**
   * Stores a recall, then waits for the bookings that are under way: a booking that locks a stock later reads the recall, and what left before
   * is no longer among the holdings.
   */
  recall(input: RecallBatchInput, item: string, caller: Caller) {
    const { batch, area, reason } = input;
    const call = { caller, field: 'recallBatch', input, now: this.#now };
    return runOnce(this.#db, call, async (db) => {
      const { rows } = await db.query<{ id: string; isNew: boolean }>(STORE_RECALL, [
        item,
        batch,
        area,
        reason.trim(),
        actorOf(caller),
        this.#now,
      ]);
      const [{ id, isNew }] = rows as [{ id: string; isNew: boolean }];
      if (isNew) await this.#judgeHolders(db, item, batch, area);
      return { __typename: 'BatchRecall' as const, id };
    });
  }

  /** Ends a recall that there is; nothing changes if it has ended. */
  async end(input: EndRecallInput, caller: Caller) {
    const call = { caller, field: 'endRecall', input, now: this.#now };
    const outcome = await runOnce(this.#db, call, async (db) => {
      const { rows } = await db.query<{ itemId: string; batch: string; area: string }>(END_RECALL, [
        input.recall,
        this.#now,
        actorOf(caller),
        input.reason.trim(),
      ]);
      const [ended] = rows;
      if (ended) await this.#judgeHolders(db, ended.itemId, ended.batch, ended.area);
      return { __typename: 'BatchRecall' as const, id: input.recall };
    });
    this.#byId.clearAll();
    return outcome;
  }

  /** Counts a batch again wherever it is, because it was recalled, or its recall has ended. */
  async #judgeHolders(db: PoolClient, item: string, batch: string, within: string): Promise<void> {
    const { rows } = await db.query<ConcernedStock>(LOCK_HOLDERS, [item, batch, within]);
    const stocks = rows.map(({ facility, organisation }) => ({
      holder: facility === null ? { organisation: organisation! } : { facility },
      item,
    }));
    await judgeStocks(db, stocks, this.#now);
  }
}
