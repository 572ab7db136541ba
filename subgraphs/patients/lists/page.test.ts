import { lengthOf, pageOf, placeOf } from './page.js';

const rows = [1, 2, 3].map((n) => ({
  at: new Date(n),
  id: `6f1c3f0e-0000-4000-8000-00000000000${n}`,
}));
const none = () => Promise.resolve(0);

test('a page without a length has 50 entries; 1 and 500 are the ends', () => {
  expect([undefined, null, 1, 500].map(lengthOf)).toEqual([50, 50, 1, 500]);
  expect(() => lengthOf(0)).toThrow('0 came');
  expect(() => lengthOf(501)).toThrow('501 came');
});

test('one row more than asked for says that others follow', () => {
  const page = pageOf(rows, 2, undefined, none);
  expect(page.edges.map(({ node }) => node.id)).toEqual([rows[0]!.id, rows[1]!.id]);
  expect(page).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(pageOf(rows, 3, rows[0], none)).toMatchObject({
    hasNextPage: false,
    hasPreviousPage: true,
  });
});

test('a cursor leads back to the place of its entry', () => {
  const { edges } = pageOf(rows, 3, undefined, none);
  expect(edges.map(({ cursor }) => placeOf(cursor))).toEqual(rows);
  expect(placeOf(null)).toBeUndefined();
});

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
test.each([
  '',
  'tomorrow',
  encoded(1),
  encoded([1.5, rows[0]!.id]),
  encoded([1, "x'; --"]),
  // Instants that a Date, or a timestamp of PostgreSQL, cannot hold.
  ...[-1, 8.64e15, 9e15, 253_402_300_800_000].map((at) => encoded([at, rows[0]!.id])),
])('what is no cursor is refused: "%s"', (cursor) => {
  expect(() => placeOf(cursor)).toThrow('no cursor');
});
