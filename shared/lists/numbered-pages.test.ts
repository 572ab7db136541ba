import { numberCursor, pageByNumber } from './numbered-pages.js';

const rows = [3, 4, 5].map((position) => ({ position }));
const none = () => Promise.resolve(0);

test('one row more than requested shows that others follow, and a start that others precede', () => {
  expect(pageByNumber(rows, 2, 2, none)).toMatchObject({
    edges: [{ node: { position: 3 } }, { node: { position: 4 } }],
    hasNextPage: true,
    hasPreviousPage: true,
  });
  expect(pageByNumber(rows, 3, 0, none)).toMatchObject({
    hasNextPage: false,
    hasPreviousPage: false,
  });
});

test('a cursor leads back to the number of its entry; without one the list begins', () => {
  const { edges } = pageByNumber(rows, 3, 0, none);
  expect(edges.map(({ cursor }) => numberCursor.read(cursor))).toEqual([3, 4, 5]);
  expect([null, undefined].map(numberCursor.read)).toEqual([undefined, undefined]);
});

const encoded = (text: string) => Buffer.from(text).toString('base64url');
test.each(['', 'tomorrow', encoded('4'), encoded('#4x'), encoded('#-1'), encoded('#1e9')])(
  'a text that is no cursor is refused: "%s"',
  (cursor) => {
    expect(() => numberCursor.read(cursor)).toThrow('no cursor');
  },
);
