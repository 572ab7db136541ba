import type pg from 'pg';

/** Of a hundred reservations stored: how many still keep their slot. The rest has ended, as in a hub that runs for months. */
const OPEN_SHARE = 2;

/**
 * Reservations of one slot each, spread over all facilities and back in time: of those that ended, most were redeemed,
 * some given back, some lapsed; of the open ones the time runs out long after the measurement.
 */
const GROW = `WITH chosen AS (
    SELECT array_agg(DISTINCT facility_id) AS ids FROM bed WHERE category = 'ICU_UNSPECIFIED'
  ), made AS (
    INSERT INTO reservation (kind, created_at, created_by)
    SELECT 'PRIMARY', now() - n * interval '20 seconds', 'bench' FROM generate_series($1::int + 1, $2::int) AS n
    RETURNING id, created_at
  ), numbered AS (
    SELECT *, row_number() OVER (ORDER BY created_at) AS n FROM made
  )
  INSERT INTO reservation_item (reservation_id, position, facility_id, category, requested, count, expires_at,
                                confirmed_at, redeemed_at, released_at, settled)
  SELECT id, 0, ids[1 + (n * 7919) % cardinality(ids)], 'ICU_UNSPECIFIED', 1, 1,
    CASE WHEN is_open THEN now() + interval '6 hours' ELSE created_at + interval '30 minutes' END,
    CASE WHEN n % 2 = 0 THEN created_at END,
    CASE WHEN NOT is_open AND n % 10 < 7 THEN created_at + interval '20 minutes' END,
    CASE WHEN NOT is_open AND n % 10 IN (7, 8) THEN created_at + interval '10 minutes' END,
    NOT is_open
  FROM numbered, chosen, LATERAL (SELECT n % 100 < ${OPEN_SHARE} AS is_open) AS state`;

/** As many keys of finished calls. They are kept for a day, so these are of today. */
const GROW_KEYS = `INSERT INTO idempotent_call (caller, key_digest, field, input_digest, result, at)
  SELECT 'bench', 'stored ' || n, 'reserveBeds', md5(n::text) || md5(n::text), '{"id": "stored"}', now()
  FROM generate_series($1::int + 1, $2::int) AS n`;

/** Gives a hub the reservations of a longer past: numbers `from` to `to`. */
export async function growReservations(db: pg.Client, from: number, to: number): Promise<void> {
  await db.query(GROW, [from, to]);
  await db.query(GROW_KEYS, [from, to]);
  await finalizeAll(db);
}

/** Releases every slot that calls of the bench have reserved, and tidies up as the server does by itself in time. */
export async function giveBack(db: pg.Client): Promise<void> {
  await db.query(`UPDATE reservation_item i SET released_at = now(), settled = true
    FROM reservation r WHERE r.id = i.reservation_id AND r.created_by <> 'bench' AND NOT i.settled`);
}

async function finalizeAll(db: pg.Client): Promise<void> {
  // The next measurement should not pay for writing this down.
  await db.query('VACUUM (ANALYZE) reservation, reservation_item, idempotent_call, bed');
  await db.query('CHECKPOINT');
}
