import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { BookedStock } from './stock-rows.js';

const BOOK = `
WITH changed AS (
  UPDATE stock s SET quantity = s.quantity + 1, changed_at = now(),
    days_of_cover = COALESCE(((s.quantity + 1) / NULLIF(s.average_consumption, 0))::float8, 'Infinity')
  FROM unnest($1::uuid[]) AS given (id) WHERE s.id = given.id
  RETURNING s.id, s.quantity
), batches AS (
  INSERT INTO stock_batch (stock_id, batch, quantity, booked_to) SELECT id, '', 1, now() FROM changed
  ON CONFLICT (stock_id, batch) DO UPDATE SET quantity = stock_batch.quantity + 1, booked_to = excluded.booked_to
)
INSERT INTO stock_booking (id, stock_id, kind, batch, change, quantity_after, by, at, recorded_at)
SELECT gen_random_uuid(), id, 'RECEIPT', '', 1, quantity, 'plain', now(), now() FROM changed`;

const KEY = `
INSERT INTO idempotent_call (caller, key_digest, field, input_digest, result, at) VALUES ('plain', $1, 'bookStocks', $1, $2, now())`;

const EVENTS = `
INSERT INTO outbox_event (batch, topic, entity, area, tags, at)
SELECT (SELECT outbox_batch()), 'supply.stock-changed', entity, area, ARRAY['facility:' || facility, 'item:' || item], now()
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS e (entity, area, facility, item)`;

/**
 * The peer: a program that knows its stocks and books by `pg` in the hub's own tables, the same rows of every table in one
 * transaction for each bulk, judging nothing.
 */
export class PlainBookings {
  readonly #pool: pg.Pool;

  constructor(url: string, connections: number) {
    this.#pool = new pg.Pool({ connectionString: url, max: connections });
  }

  async book(stocks: readonly BookedStock[], withOutbox: boolean): Promise<void> {
    const db = await this.#pool.connect();
    try {
      const ids = stocks.map(({ id }) => id);
      await db.query('BEGIN');
      await db.query(KEY, [randomUUID(), JSON.stringify({ outcomes: ids })]);
      await db.query(BOOK, [ids]);
      if (withOutbox) {
        await db.query(EVENTS, [
          ids,
          stocks.map(({ area }) => area),
          stocks.map(({ facility }) => facility),
          stocks.map(({ item }) => item),
        ]);
      }
      await db.query('COMMIT');
      db.release();
    } catch (error) {
      db.release(true);
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
