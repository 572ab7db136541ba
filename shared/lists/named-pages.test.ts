import { nameCursor, pageByName } from './named-pages.js';

const rows = ['Apotheke', 'Depot', 'Zentrallager'].map((name, n) => ({
  name,
  id: `6f1c3f0e-0000-4000-8000-00000000000${n}`,
}));
const none = () => Promise.resolve(0);

test('one row more than requested shows that others follow', () => {
  const page = pageByName(rows, 2, undefined, none);
  expect(page.edges.map(({ node }) => node.id)).toEqual([rows[0]!.id, rows[1]!.id]);
  expect(page).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(pageByName(rows, 3, rows[0], none)).toMatchObject({
    hasNextPage: false,
    hasPreviousPage: true,
  });
});

test('a cursor leads back to the position of its entry', () => {
  const { edges } = pageByName(rows, 3, undefined, none);
  expect(edges.map(({ cursor }) => nameCursor.read(cursor))).toEqual(rows);
  expect(nameCursor.read(null)).toBeUndefined();
});

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
test.each([
  '',
  'tomorrow',
  encoded(1),
  encoded([1, rows[0]!.id]),
  encoded(['a', 'b']),
  encoded(['\0', rows[0]!.id]),
])('a text that is no cursor is refused: "%s"', (cursor) => {
  expect(() => nameCursor.read(cursor)).toThrow('no cursor');
});
