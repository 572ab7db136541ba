import { deleteExpiredText } from '../../../shared/personal-data/index.js';
import { REMOVED } from '../../../shared/personal-data/text-columns.js';
import {
  textColumnsOfDatabase,
  namesOfColumns,
} from '../../../shared/personal-data/testing/columns.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { facilitiesOf } from '../testing/reports.js';
import { TEXT_COLUMNS } from './text-columns.js';

let world: CapacityWorld;
let facility: string;
beforeAll(async () => {
  world = await capacityWorld();
  [facility] = (await facilitiesOf(world, '', 1)) as [string];
});
afterAll(() => world.close());

const WORDS = 'because of Erika';

test('every column that can hold a text is in the list', async () => {
  expect(namesOfColumns(TEXT_COLUMNS)).toEqual((await textColumnsOfDatabase(world.pool)).sort());
});

/** Rows of each table with free text: one that was over before an instant, and one that was not. */
const ROWS: Readonly<Record<string, string>> = {
  alarm_plan: `INSERT INTO alarm_plan (facility_id, reason, activated_at, activated_by, until) VALUES ($1, $2, $3, 'x', $3)`,
  care_level_declaration: `INSERT INTO care_level_declaration (facility_id, level, reason, declared_at, declared_by)
    VALUES ($1, 'STANDARD', $2, $3::timestamptz - '1 ms'::interval, 'x'), ($1, 'STANDARD', 'replaces it', $3, 'x')`,
  closure: `INSERT INTO closure (facility_id, department, urgencies, reason, override_reason, closed_at, closed_by, until)
    VALUES ($1, 'SURGERY', '{IMMEDIATE}', $2, $2, $3, 'x', $3)`,
  hold: `INSERT INTO hold (facility_id, category, count, remaining, counts_from, reason, placed_at, placed_by)
    VALUES ($1, 'NORMAL_WARD', 1, 0, 'EVERYDAY', $2, $3, 'x')`,
  hold_release: `WITH held AS (
      INSERT INTO hold (facility_id, category, count, remaining, counts_from, reason, placed_at, placed_by)
      VALUES ($1, 'NORMAL_WARD', 2, 1, 'EVERYDAY', 'still held', $3, 'x') RETURNING id)
    INSERT INTO hold_release (hold_id, count, reason, released_at, released_by) SELECT id, 1, $2, $3, 'x' FROM held`,
  intake_declaration: `INSERT INTO intake_declaration (facility_id, source, method, assumption, valid_from, valid_until,
    declared_at, declared_by) VALUES ($1, 'facility', 'REPORTED', $2, $3, $3, $3, 'x')`,
  phase_declaration: `INSERT INTO phase_declaration (area, phase, hazard, legal_basis, declared_at, declared_by, ended_at, ended_by,
    end_reason) SELECT area, 'PANDEMIC', 'PANDEMIC', 'law', $3, 'x', $3, 'x', $2 FROM facility WHERE id = $1`,
  sustainability_override: `INSERT INTO sustainability_override (facility_id, cause, reason, placed_at, placed_by, until,
    replaced_at) VALUES ($1, 'POWER', $2, $3, 'x', $3, $3)`,
};

test('the reasons of what is over are removed, by several replicas at once, and no others', async () => {
  const before = world.clock.now;
  const at = (milliseconds: number) => new Date(before.getTime() + milliseconds);
  for (const statement of Object.values(ROWS)) {
    for (let n = 0; n < 120; n += 1) await world.pool.query(statement, [facility, WORDS, at(-1)]);
    await world.pool.query(statement, [facility, 'still in force', at(0)]);
  }
  await Promise.all([1, 2, 3].map(() => deleteExpiredText(world.pool, TEXT_COLUMNS, before)));
  await deleteExpiredText(world.pool, TEXT_COLUMNS, before);
  const filled = Object.entries(TEXT_COLUMNS).flatMap(([table, columns]) =>
    Object.entries(columns).flatMap(([column, { holds }]) =>
      holds === 'WORDS' ? [[table, column]] : [],
    ),
  );
  expect([...new Set(filled.map(([table]) => table))].sort()).toEqual(Object.keys(ROWS).sort());
  for (const [table, column] of filled) {
    const { rows } = await world.pool.query(
      `SELECT ${column} AS text, count(*)::int AS count FROM ${table} GROUP BY 1 ORDER BY 2`,
    );
    const texts = new Map(rows.map(({ text, count }) => [text, count]));
    expect(texts.get(REMOVED)).toBe(120);
    expect(texts.has(WORDS)).toBe(false);
    expect(texts.get('still in force')).toBeGreaterThan(0);
  }
});

test('the reason of a hold stays until a year after its last release, however long it lasted', async () => {
  const { now } = world.clock;
  const { rows } = await world.pool.query<{ id: string }>(
    `INSERT INTO hold (facility_id, category, count, remaining, counts_from, reason, placed_at, placed_by)
     VALUES ($1, 'NORMAL_WARD', 1, 0, 'EVERYDAY', $2, $3, 'x') RETURNING id`,
    [facility, WORDS, new Date(now.getTime() - 1)],
  );
  await world.pool.query(
    `INSERT INTO hold_release (hold_id, count, reason, released_at, released_by) VALUES ($1, 1, $2, $3, 'x')`,
    [rows[0]!.id, WORDS, now],
  );
  const reasonAfter = async (before: Date) => {
    await deleteExpiredText(world.pool, TEXT_COLUMNS, before);
    const held = await world.pool.query('SELECT reason FROM hold WHERE id = $1', [rows[0]!.id]);
    return held.rows[0].reason;
  };
  expect(await reasonAfter(now)).toBe(WORDS);
  expect(await reasonAfter(new Date(now.getTime() + 1))).toBe(REMOVED);
});
