import type { Unit } from './generated/operations.js';
import type pg from 'pg';

/** Items that each site has. */
const ITEMS_PER_SITE = 40;

/** The stocks of a bench, in the order in which they are booked. */
export interface BookedStock {
  id: string;
  facility: string;
  item: string;
  unit: Unit;
  area: string;
}

const FILL = `
WITH items AS (SELECT id FROM item WHERE kind = 'MEDICINE' ORDER BY id LIMIT ${ITEMS_PER_SITE}),
pairs AS (
  SELECT f.id AS facility, i.id AS item, row_number() OVER (ORDER BY i.id, f.id) AS n FROM facility f CROSS JOIN items i
  WHERE NOT EXISTS (SELECT FROM stock s WHERE s.holder_id = f.id AND s.item_id = i.id)
  ORDER BY i.id, f.id LIMIT $1
), stocks AS (
  INSERT INTO stock (holder_kind, holder_id, item_id, quantity, average_consumption, days_of_cover, created_at, changed_at)
  SELECT 'FACILITY', facility, item, 100 + n % 900, 1 + n % 37, ((100 + n % 900)::numeric / (1 + n % 37))::float8, now(), now()
  FROM pairs RETURNING id, quantity
), batches AS (
  INSERT INTO stock_batch (stock_id, batch, quantity, booked_to) SELECT id, '', quantity, now() - interval '1 day' FROM stocks
)
INSERT INTO stock_booking (id, stock_id, kind, batch, change, quantity_after, by, at, recorded_at)
SELECT gen_random_uuid(), id, 'RECEIPT', '', quantity, quantity, 'bench', now() - interval '1 day', now() FROM stocks`;

const STOCKS = `
SELECT s.id, s.holder_id AS facility, s.item_id AS item, i.unit, f.area
FROM stock s JOIN item i ON i.id = s.item_id JOIN facility f ON f.id = s.holder_id
WHERE NOT s.modelled ORDER BY md5(s.id::text)`;

/** Longer than the hub takes from one check of what it has to model to the next. */
const BETWEEN_COUNTS_MS = 4_000;

/**
 * Waits until the hub has modelled the stocks of its sites, gives these stocks of their own, and returns the latter in a mixed order: a
 * booking of a modelled stock also corrects the model, which the peer does not.
 */
export async function fillStocks(db: pg.Client, count: number): Promise<BookedStock[]> {
  let [before, modelled] = [0, await countedModelled(db)];
  while (modelled === 0 || modelled !== before) {
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_COUNTS_MS));
    [before, modelled] = [modelled, await countedModelled(db)];
  }
  await db.query(FILL, [count]);
  await db.query('VACUUM (ANALYZE) stock, stock_batch, stock_booking');
  return (await db.query<BookedStock>(STOCKS)).rows;
}

async function countedModelled(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM stock WHERE modelled',
  );
  return rows[0]!.count;
}

/** Gives the stocks a longer past, up to a number of bookings: copies of what there is, a month earlier. */
export async function growHistory(db: pg.Client, target: number): Promise<void> {
  await db.query(
    `INSERT INTO stock_booking (id, stock_id, kind, batch, change, quantity_after, by, at, recorded_at)
     SELECT gen_random_uuid(), stock_id, kind, batch, change, quantity_after, by, at - interval '1 month', recorded_at
     FROM stock_booking CROSS JOIN generate_series(1, 20)
     LIMIT $1 - (SELECT count(*) FROM stock_booking)`,
    [target],
  );
  await db.query('VACUUM (ANALYZE) stock_booking');
}

export async function storedBookings(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM stock_booking',
  );
  return rows[0]!.count;
}
