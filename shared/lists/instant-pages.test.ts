import { instantCursor, isInstant, pageByInstant } from './instant-pages.js';

const rows = [1, 2, 3].map((n) => ({
  at: new Date(n),
  id: `6f1c3f0e-0000-4000-8000-00000000000${n}`,
}));
const none = () => Promise.resolve(0);

test('one row more than requested shows that others follow', () => {
  const page = pageByInstant(rows, 2, undefined, none);
  expect(page.edges.map(({ node }) => node.id)).toEqual([rows[0]!.id, rows[1]!.id]);
  expect(page).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(pageByInstant(rows, 3, rows[0], none)).toMatchObject({
    hasNextPage: false,
    hasPreviousPage: true,
  });
});

test('a cursor leads back to the position of its entry', () => {
  const { edges } = pageByInstant(rows, 3, undefined, none);
  expect(edges.map(({ cursor }) => instantCursor.read(cursor))).toEqual(rows);
  expect(instantCursor.read(null)).toBeUndefined();
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
])('a text that is no cursor is refused: "%s"', (cursor) => {
  expect(() => instantCursor.read(cursor)).toThrow('no cursor');
});

test.each([0, 1_601_510_400_000, 1_601_510_400_000.5, 253_402_300_799_999])(
  '%d is an instant of a list',
  (value) => {
    expect(isInstant(value)).toBe(true);
  },
);

test.each([-1, 253_402_300_800_000, 8.64e15, Infinity, -Infinity, NaN, '0', null, undefined, [0]])(
  '%p is no instant of a list',
  (value) => {
    expect(isInstant(value)).toBe(false);
  },
);
