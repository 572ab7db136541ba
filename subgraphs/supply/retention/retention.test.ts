import { randomUUID } from 'node:crypto';
import { deleteExpiredText } from '../../../shared/personal-data/index.js';
import { REMOVED } from '../../../shared/personal-data/text-columns.js';
import {
  namesOfColumns,
  textColumnsOfDatabase,
} from '../../../shared/personal-data/testing/columns.js';
import { supplyWorld, type SupplyWorld } from '../testing/supply-world.js';
import { TEXT_COLUMNS } from './text-columns.js';

let world: SupplyWorld;
let before: Date;
beforeAll(async () => {
  world = await supplyWorld({ hasFacilities: false });
  before = world.clock.now;
  await world.pool.query(
    `INSERT INTO reserve (organisation_id, kind, name, release_area, release_rule, readiness_hours, target, item_id,
      severe_patients, light_patients, days, registered_at, registered_by)
     VALUES (gen_random_uuid(), 'MEDICAL_PACKET', 'reserve', '05', 'rule', 6, 1, gen_random_uuid(), 1, 1, 1, now(), 'x')`,
  );
});
afterAll(() => world.close());

const WORDS = 'because of Erika';
const at = (milliseconds: number) => new Date(before.getTime() + milliseconds);

test('every column that can hold a text is in the list', async () => {
  expect(namesOfColumns(TEXT_COLUMNS)).toEqual((await textColumnsOfDatabase(world.pool)).sort());
});

const FAULT_COLUMNS =
  'facility_id, area, kind, failed, devices, description, since, source, observed_at, status, resolution, reported_at, closed_at';
const CLOSED_FAULT = `gen_random_uuid(), '05315', 'VENTILATOR', 1, 2, $1, $2, 'x', $2, 'CLOSED', 'REPAIRED', $2, $2`;
/** Rows of each table with free text, of what ended at the instant $2 for the reason $1. */
const ROWS: Readonly<Record<string, string>> = {
  batch_recall: `INSERT INTO batch_recall (item_id, batch, area, reason, by, at, ended_at, ended_by, end_reason)
    VALUES (gen_random_uuid(), 'B', '05', $1, 'x', $2, $2, 'x', $1)`,
  device_fault: `INSERT INTO device_fault (${FAULT_COLUMNS}) VALUES (${CLOSED_FAULT})`,
  device_fault_step: `WITH fault AS (
      INSERT INTO device_fault (${FAULT_COLUMNS}) VALUES (${CLOSED_FAULT}) RETURNING id)
    INSERT INTO device_fault_step (fault_id, act, at, by, by_partner, note) SELECT id, 'REPORT', $2, 'x', false, $1 FROM fault`,
  reserve_release: `INSERT INTO reserve_release (reserve_id, packets, for_area, reason, released_at, released_by)
    SELECT id, 1, '05', $1, $2, 'x' FROM reserve LIMIT 1`,
  stock_booking: `INSERT INTO stock_booking (id, stock_id, kind, batch, change, quantity_after, reason, by, at, recorded_at)
    VALUES (gen_random_uuid(), gen_random_uuid(), 'ISSUE', '', -1, 1, $1, 'x', $2, $2)`,
  supply_request: `INSERT INTO supply_request (facility_id, area, needed_until, reason, status, requested_at, requested_by)
    VALUES (gen_random_uuid(), '05315', $2, $1, 'CANCELLED', $2, 'x')`,
  supply_step: `WITH request AS (
      INSERT INTO supply_request (facility_id, area, needed_until, reason, status, requested_at, requested_by)
      VALUES (gen_random_uuid(), '05315', $2, $1, 'RECEIVED', $2, 'x') RETURNING id)
    INSERT INTO supply_step (request_id, act, at, by, reason) SELECT id, 'LOSE', $2, 'x', $1 FROM request`,
};

const forget = () => deleteExpiredText(world.pool, TEXT_COLUMNS, before);

/** Number of rows by text. */
async function textsOf(table: string, column: string): Promise<Map<string | null, number>> {
  const { rows } = await world.pool.query(
    `SELECT ${column} AS text, count(*)::int AS count FROM ${table} GROUP BY 1`,
  );
  return new Map(rows.map(({ text, count }) => [text, count]));
}

test('the reasons of what is over are removed, by several replicas at once, and no others', async () => {
  for (const statement of Object.values(ROWS)) {
    for (let n = 0; n < 120; n += 1) await world.pool.query(statement, [WORDS, at(-1)]);
    await world.pool.query(statement, ['still in force', at(0)]);
  }
  await Promise.all([1, 2, 3].map(forget));
  await forget();
  const filled = Object.entries(TEXT_COLUMNS).flatMap(([table, columns]) =>
    Object.entries(columns).flatMap(([column, { holds }]) =>
      holds === 'WORDS' ? [{ table, column }] : [],
    ),
  );
  expect([...new Set(filled.map(({ table }) => table))].sort()).toEqual(Object.keys(ROWS).sort());
  for (const { table, column } of filled) {
    const texts = await textsOf(table, column);
    const hasSteps = ['supply_request', 'device_fault'].includes(table);
    expect([table, texts.get(REMOVED)]).toEqual([table, hasSteps ? 240 : 120]);
    expect(texts.has(WORDS)).toBe(false);
    expect(texts.get('still in force')).toBeGreaterThan(0);
  }
});

test.each([
  ['that was received', 'removed', 'RECEIVED', 1, -1],
  ['that was received lately', 'kept', 'RECEIVED', -1, 0],
  ['that nobody needs any more', 'removed', 'PARTLY_COMMITTED', -1, -1],
  ['that is still needed', 'kept', 'PARTLY_COMMITTED', 0, -1],
  ['in which something was done lately', 'kept', 'DISPATCHED', -1, 0],
] as const)(
  'the reasons of a request %s are %s',
  async (_, kept, status, neededUntil, lastStep) => {
    const { rows } = await world.pool.query<{ id: string }>(
      `INSERT INTO supply_request (facility_id, area, needed_until, reason, status, requested_at, requested_by)
       VALUES (gen_random_uuid(), '05315', $1, $2, $3, $4, 'x') RETURNING id`,
      [at(neededUntil), WORDS, status, at(-2)],
    );
    const { id } = rows[0]!;
    await world.pool.query(
      `INSERT INTO supply_step (request_id, act, at, by, reason) VALUES ($1, 'REQUEST', $2, 'x', $4), ($1, 'LOSE', $3, 'x', $4)`,
      [id, at(-2), at(lastStep), WORDS],
    );
    await forget();
    const reasons = await world.pool.query<{ reason: string }>(
      `SELECT reason FROM supply_request WHERE id = $1 UNION ALL SELECT reason FROM supply_step WHERE request_id = $1`,
      [id],
    );
    const text = kept === 'removed' ? REMOVED : WORDS;
    expect(reasons.rows.map(({ reason }) => reason)).toEqual([text, text, text]);
  },
);

test.each([
  ['that a stock still has', 'kept', 1, -1],
  ['of which the last was used lately', 'kept', 0, 0],
  ['that no stock has had for long', 'removed', 0, -1],
] as const)('the reason of the recall of a batch %s is %s', async (_, kept, quantity, bookedTo) => {
  const item = randomUUID();
  await world.pool.query(
    `WITH held AS (
         INSERT INTO stock (holder_kind, holder_id, item_id, created_at, changed_at)
         VALUES ('FACILITY', gen_random_uuid(), $1, $2, $2) RETURNING id)
       INSERT INTO stock_batch (stock_id, batch, quantity, booked_to) SELECT id, 'B', $3, $4 FROM held`,
    [item, at(-2), quantity, at(bookedTo)],
  );
  await world.pool.query(
    `INSERT INTO batch_recall (item_id, batch, area, reason, by, at) VALUES ($1, 'B', '05', $2, 'x', $3)`,
    [item, WORDS, at(-1)],
  );
  await forget();
  const { rows } = await world.pool.query('SELECT reason FROM batch_recall WHERE item_id = $1', [
    item,
  ]);
  expect(rows).toEqual([{ reason: kept === 'removed' ? REMOVED : WORDS }]);
});

test('the reason that the model states for its own bookings stays, and no reason stays none', async () => {
  const book = `INSERT INTO stock_booking (id, stock_id, kind, batch, change, quantity_after, reason, by, at, recorded_at)
    VALUES (gen_random_uuid(), $1, 'CORRECTION', '', 1, 1, $2, $3, $4, $4)`;
  const stock = randomUUID();
  await world.pool.query(book, [stock, 'Delivery of the model.', 'Vierblatt model', at(-1)]);
  await world.pool.query(book, [stock, null, 'x', at(-1)]);
  await forget();
  const { rows } = await world.pool.query(
    'SELECT reason FROM stock_booking WHERE stock_id = $1 ORDER BY seq',
    [stock],
  );
  expect(rows).toEqual([{ reason: 'Delivery of the model.' }, { reason: null }]);
});
