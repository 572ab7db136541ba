import { Pool } from 'pg';
import { createDatabase, type TestDatabase } from '../../tests/cluster/database.js';
import { arrayOf, sparseArrayOf } from './arrays.js';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.url });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const INSTANT = new Date('2026-03-29T01:30:00.123Z');

test.each([
  ['text', ['a', '', ' ', 'NULL', 'null', '{}', 'a,b', '"', '\\', '\\"', "'", 'ä\n\t', null]],
  ['numeric', [0, -1.5, 0.001, 1e-7, 1e21, null]],
  ['float8', [0.1, Infinity, -Infinity, NaN]],
  ['bool', [true, false, null]],
  ['timestamptz', [INSTANT, null]],
  ['text', []],
])('elements of type %s arrive as they are', async (type, elements) => {
  const { rows } = await pool.query<{ given: unknown[] }>(`SELECT $1::${type}[] AS given`, [
    arrayOf(elements),
  ]);
  const given = type === 'numeric' ? rows[0]!.given.map((n) => n && Number(n)) : rows[0]!.given;
  expect(given).toEqual(elements);
});

test('an array is an element of another one as its text', async () => {
  const lists = [['a', 'b,"c"'], []];
  const { rows } = await pool.query<{ list: string[] }>(
    'SELECT list::text[] AS list FROM unnest($1::text[]) AS given (list)',
    [arrayOf(lists.map(arrayOf))],
  );
  expect(rows.map(({ list }) => list)).toEqual(lists);
});

test('of the lists of one unnest, one of which nothing is given is empty and reads as null', async () => {
  const notGiven = sparseArrayOf([null, undefined]);
  expect(notGiven).toBe('{}');
  const { rows } = await pool.query(
    'SELECT a, b, c FROM unnest($1::int[], $2::text[], $3::int[]) AS given (a, b, c)',
    [arrayOf([1, 2]), notGiven, sparseArrayOf([null, 4])],
  );
  expect(rows).toEqual([
    { a: 1, b: null, c: null },
    { a: 2, b: null, c: 4 },
  ]);
});
