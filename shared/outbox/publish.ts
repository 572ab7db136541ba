import type { ClientBase } from 'pg';
import { arrayOf } from '../database/index.js';

/** An event to be written in the transaction of its change. */
export interface NewEvent {
  /** `subgraph.fact-in-the-past` */
  topic: string;
  /** Id of the entity that changed. */
  entity: string;
  /** AGS the entity lies in. */
  area: string;
  /** Codes by which watchers choose. */
  tags: readonly string[];
  at: Date;
}

/**
 * SQL that writes an event for each row of a query, in its order: the columns of the query are topic, entity, area, tags and at,
 * with the types of `outbox_event`. It stands by itself or as a part of WITH.
 */
export function publishing(query: string): string {
  return `INSERT INTO outbox_event (batch, topic, entity, area, tags, at)
SELECT (SELECT outbox_batch()), event.* FROM (${query}) AS event`;
}

/** Writes events in the transaction that `db` is in, in the order given. */
export async function publish(db: ClientBase, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db.query({
    name: 'outbox-publish',
    text: `INSERT INTO outbox_event (batch, topic, entity, area, tags, at)
           SELECT (SELECT outbox_batch()), topic, entity, area, tags::text[], at
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
             WITH ORDINALITY AS e (topic, entity, area, tags, at, ordinality)
           ORDER BY ordinality`,
    values: [
      arrayOf(events.map(({ topic }) => topic)),
      arrayOf(events.map(({ entity }) => entity)),
      arrayOf(events.map(({ area }) => area)),
      arrayOf(events.map(({ tags }) => arrayOf(tags))),
      arrayOf(events.map(({ at }) => at)),
    ],
  });
}
