import { Pool } from 'pg';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import {
  namesOf,
  omit,
  overwritesOf,
  pick,
  recordsOf,
  recordValues,
  selectionOf,
} from './columns.js';

const COLUMNS = {
  id: { name: 'id', type: 'int', isList: false },
  seenAt: { name: 'seen_at', type: 'timestamptz', isList: false },
  colour: { name: 'colour', type: '"Colour"', isList: false },
  otherColours: { name: 'other_colours', type: '"Colour"', isList: true },
} as const;
const ROWS = [
  { id: 2, seenAt: new Date('2026-01-15T09:00:00.000Z'), colour: 'RED', otherColours: ['BLUE'] },
  { id: 1, seenAt: null, colour: null, otherColours: [] },
  { id: 3, seenAt: null, colour: 'BLUE', otherColours: ['RED', 'BLUE'] },
];

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.url });
  await pool.query(`CREATE TYPE "Colour" AS ENUM ('RED', 'BLUE')`);
  await pool.query(
    `CREATE TABLE thing (id INT PRIMARY KEY, seen_at TIMESTAMPTZ, colour "Colour", other_colours "Colour"[])`,
  );
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const insert = (rows: typeof ROWS) =>
  pool.query(
    `INSERT INTO thing (${namesOf(COLUMNS)}) SELECT ${namesOf(COLUMNS)} FROM ${recordsOf(COLUMNS, 1)} AS given
     ON CONFLICT (id) DO UPDATE SET ${overwritesOf(omit(COLUMNS, 'id', 'seenAt'))}`,
    recordValues(COLUMNS, rows),
  );
const stored = async () =>
  (await pool.query(`SELECT ${selectionOf(COLUMNS, 't')} FROM thing t ORDER BY id`)).rows;

test('rows are read as they were written, whatever their columns are called', async () => {
  await insert(ROWS);
  expect(await stored()).toEqual([ROWS[1], ROWS[0], ROWS[2]]);
});

test('an upsert overwrites the columns that are named and leaves the others', async () => {
  await insert(ROWS);
  await insert([{ id: 2, seenAt: null, colour: 'BLUE', otherColours: [] }]);
  expect((await stored())[1]).toEqual({ ...ROWS[0], colour: 'BLUE', otherColours: [] });
});

test('each record knows its position from 1', async () => {
  const { rows } = await pool.query<{ id: number; ordinality: string }>(
    `SELECT id, ordinality FROM ${recordsOf(COLUMNS, 1)} AS given ORDER BY ordinality`,
    recordValues(COLUMNS, ROWS),
  );
  expect(rows.map(({ id, ordinality }) => [id, Number(ordinality)])).toEqual([
    [2, 1],
    [1, 2],
    [3, 3],
  ]);
});

test('a column without values is sent empty and reads as null, and no row is lost, also where none has a value at all', async () => {
  const rows = [{ id: null, seenAt: null, colour: null, otherColours: null }];
  const values = recordValues(COLUMNS, [...rows, ...rows]);
  expect(values).toEqual(['{NULL,NULL}', '{}', '{}', '{}']);
  const read = await pool.query(`SELECT * FROM ${recordsOf(COLUMNS, 1)} AS given`, values);
  const empty = { id: null, seen_at: null, colour: null, other_colours: null };
  expect(read.rows).toEqual([
    { ...empty, ordinality: '1' },
    { ...empty, ordinality: '2' },
  ]);
});

test('columns overwrite those of a row under any name', () => {
  expect(overwritesOf(pick(COLUMNS, 'seenAt', 'colour'), 'g')).toBe(
    'seen_at = g.seen_at, colour = g.colour',
  );
});

test('columns are picked and omitted by their field, in the order of the table', () => {
  expect(namesOf(pick(COLUMNS, 'colour', 'id'))).toBe('id, colour');
  expect(namesOf(omit(COLUMNS, 'colour', 'id'), 't')).toBe('t.seen_at, t.other_colours');
});

test('a list whose elements may need quoting is refused', () => {
  const names = { names: { name: 'names', type: 'text', isList: true } } as const;
  expect(() => recordValues(names, [{ names: ['a, b'] }])).toThrow('names is a list of text');
});
