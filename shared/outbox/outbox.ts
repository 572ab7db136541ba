import type { Pool } from 'pg';
import { callersFault } from '../errors/index.js';
import { DAY_MS } from '../time/rules.js';
import { CursorSeal, WHOLE_COMMIT, type Position } from './cursor.js';

/** One changed entity, as the transaction that changed it wrote it down. Ids and codes only. */
export interface OutboxEvent {
  position: Position;
  /** `subgraph.fact-in-the-past` */
  topic: string;
  /** Id of the entity that changed. */
  entity: string;
  /** AGS the entity lies in. */
  area: string;
  /** Codes by which watchers choose. */
  tags: string[];
  at: Date;
}

/** How long events, and so cursors, are kept. */
export const RETENTION_DAYS = 7;

interface Row {
  pos: string;
  seq: string;
  topic: string;
  entity: string;
  area: string;
  tags: string[];
  at: Date;
}

/** The secret that was made with a database, from which the keys of its cursors are derived. */
export async function epochKeyOf(db: Pool): Promise<string> {
  const { rows } = await db.query<{ key: string }>('SELECT key FROM outbox_epoch');
  return rows[0]!.key;
}

/** The stream of events of one database. */
export class Outbox {
  readonly #db: Pool;
  readonly #seal: CursorSeal;

  private constructor(db: Pool, seal: CursorSeal) {
    this.#db = db;
    this.#seal = seal;
  }

  static async open(db: Pool, subgraph: string): Promise<Outbox> {
    return new Outbox(db, new CursorSeal(subgraph, await epochKeyOf(db)));
  }

  /** Returns the position behind the last commit. A query that begins after this returns reads everything before it. */
  async head(): Promise<Position> {
    const { head } = await this.#bounds();
    return { pos: head, seq: WHOLE_COMMIT };
  }

  /** The next events behind a position, in order, `limit` at most. */
  async read(after: Position, limit: number): Promise<OutboxEvent[]> {
    const { rows } = await this.#db.query<Row>({
      name: 'outbox-read',
      text: `SELECT b.pos, e.seq, e.topic, e.entity, e.area, e.tags, e.at
             FROM outbox_batch b JOIN outbox_event e ON e.batch = b.batch
             WHERE b.pos >= $1 AND (b.pos, e.seq) > ($1, $2)
             ORDER BY b.pos, e.seq LIMIT $3`,
      values: [after.pos, after.seq, limit],
    });
    return rows.map(({ pos, seq, ...event }) => ({
      ...event,
      position: { pos: Number(pos), seq: Number(seq) },
    }));
  }

  cursorOf(position: Position): string {
    return this.#seal.seal(position);
  }

  /** The position of a cursor whose following events are all still kept. Throws BAD_USER_INPUT or CURSOR_EXPIRED. */
  async positionOf(cursor: string): Promise<Position> {
    const position = this.#seal.open(cursor);
    if (position === 'malformed') {
      throw callersFault(
        'BAD_USER_INPUT',
        'This is no cursor. Give one that this hub sent, unchanged, or leave `after` out to begin now.',
      );
    }
    const { head, prunedTo } = await this.#bounds();
    if (position === 'foreign' || position.pos > head || position.pos < prunedTo) {
      throw callersFault(
        'CURSOR_EXPIRED',
        `Changes since this cursor are not known any more: it is older than ${RETENTION_DAYS} days, of another database, or was changed on its way. Query the present state with its cursor and subscribe again.`,
      );
    }
    return position;
  }

  /** Forgets events older than the retention. Safe at any time and from several processes. */
  async prune(now: Date): Promise<void> {
    const before = new Date(now.getTime() - RETENTION_DAYS * DAY_MS);
    await this.#db.query(
      `WITH pruned AS (DELETE FROM outbox_batch WHERE pos IS NOT NULL AND at < $1 RETURNING batch, pos),
            events AS (DELETE FROM outbox_event e USING pruned WHERE e.batch = pruned.batch)
       UPDATE outbox_epoch SET pruned_to = GREATEST(pruned_to, (SELECT max(pos) FROM pruned))
       WHERE EXISTS (SELECT FROM pruned)`,
      [before],
    );
  }

  async #bounds(): Promise<{ head: number; prunedTo: number }> {
    const { rows } = await this.#db.query<{ head: string; pruned_to: string }>({
      name: 'outbox-bounds',
      text: `SELECT GREATEST(pruned_to, (SELECT max(pos) FROM outbox_batch)) AS head, pruned_to FROM outbox_epoch`,
    });
    return { head: Number(rows[0]!.head), prunedTo: Number(rows[0]!.pruned_to) };
  }
}
