import { CursorSeal, isAfter, WHOLE_COMMIT } from './cursor.js';

const KEY = '0b5f2a52-8f0e-4b0e-8f0a-1f6f3c1f7a11';
const seal = new CursorSeal('capacity', KEY);

test.each([
  { pos: 0, seq: 0 },
  { pos: 1, seq: WHOLE_COMMIT },
  { pos: 2 ** 47, seq: 12_345 },
])('a cursor leads back to its position: %o', (position) => {
  expect(seal.open(seal.seal(position))).toEqual(position);
});

test('cursors of neighbouring positions have nothing in common that tells the distance', () => {
  const a = Buffer.from(seal.seal({ pos: 41, seq: 1 }), 'base64url');
  const b = Buffer.from(seal.seal({ pos: 42, seq: 1 }), 'base64url');
  const equalBytes = [...a].filter((byte, index) => byte === b[index]).length;
  expect(equalBytes).toBeLessThan(5);
});

test('a cursor of another subgraph or of another database is foreign', () => {
  const cursor = seal.seal({ pos: 1, seq: 1 });
  expect(new CursorSeal('patients', KEY).open(cursor)).toBe('foreign');
  expect(new CursorSeal('capacity', KEY.replace('0', '1')).open(cursor)).toBe('foreign');
});

test.each(['', 'x', 'a'.repeat(21), 'a'.repeat(23), 'ä'.repeat(22), `${'a'.repeat(21)}=`])(
  '"%s" is malformed',
  (cursor) => {
    expect(seal.open(cursor)).toBe('malformed');
  },
);

test('a changed cursor is never taken for another position', () => {
  const cursor = seal.seal({ pos: 7, seq: 7 });
  for (let place = 0; place < 20; place++) {
    const other = cursor[place] === 'A' ? 'B' : 'A';
    expect(seal.open(cursor.slice(0, place) + other + cursor.slice(place + 1))).toBe('foreign');
  }
});

test('positions are ordered by commit, then by event', () => {
  expect(isAfter({ pos: 2, seq: 1 }, { pos: 1, seq: 9 })).toBe(true);
  expect(isAfter({ pos: 1, seq: 2 }, { pos: 1, seq: 1 })).toBe(true);
  expect(isAfter({ pos: 1, seq: 1 }, { pos: 1, seq: 1 })).toBe(false);
});
