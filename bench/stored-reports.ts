import type pg from 'pg';

/** Copies of the newest reports, `$2` earlier for each copy of the whole; `$3` rows at most. */
const COPY_HISTORY = `INSERT INTO bed_report (facility_id, category, source, observed_at, method, operable, occupied,
                                              blocked, status, limitations, received_at)
  SELECT facility_id, category, source, observed_at - copy * $2::interval, method, operable, occupied, blocked, status,
         limitations, received_at
  FROM generate_series(1, $1::int) AS copy, bed_report LIMIT $3`;

/** As many events, a thousand a commit like the hub's own, at positions before all others. */
const COPY_EVENTS = `WITH batches AS (
    INSERT INTO outbox_batch (pos, at) SELECT -nextval('outbox_pos'), now() FROM generate_series(1, $1::int / 1000)
    RETURNING batch
  )
  INSERT INTO outbox_event (batch, topic, entity, area, tags, at)
  SELECT batches.batch, topic, entity, area, tags, at FROM batches, (SELECT * FROM outbox_event LIMIT 1000) AS sample`;

/** How many reports the history holds. */
export async function storedReports(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM bed_report',
  );
  return rows[0]!.count;
}

/**
 * Gives a hub a longer past, up to a number of reports, by copies of what it has: history and events, earlier than
 * everything before. `age` keeps the copies of several calls apart. Triggers are off, for the past woke its watchers
 * when it was the present.
 */
export async function growPast(db: pg.Client, target: number, age: string): Promise<void> {
  const stored = await storedReports(db);
  const missing = target - stored;
  await db.query('BEGIN');
  await db.query('SET LOCAL session_replication_role = replica');
  await db.query(COPY_HISTORY, [Math.ceil(missing / stored), age, missing]);
  await db.query(COPY_EVENTS, [missing]);
  await db.query('COMMIT');
  // The next measurement should not pay for writing this down.
  await db.query('VACUUM (ANALYZE) bed_report, outbox_event, outbox_batch');
  await db.query('CHECKPOINT');
}
