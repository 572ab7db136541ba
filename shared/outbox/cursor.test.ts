import { CursorSeal, isAfter, WHOLE_COMMIT } from './cursor.js';

const KEY = '0b5f2a52-8f0e-4b0e-8f0a-1f6f3c1f7a11';
const seal = new CursorSeal('capacity', KEY);
/** Behind a commit, as the cursor of a query is. */
const NOW = { pos: 41, seq: WHOLE_COMMIT };
const EVENT = { pos: 41, seq: 7 };

test.each([{ pos: 0, seq: 0 }, NOW, EVENT, { pos: 2 ** 47, seq: 12_345 }])(
  'a cursor leads back to its position: %o',
  (position) => {
    expect(seal.open(seal.seal(position))).toEqual(position);
  },
);

test('two cursors of the same moment differ, so nobody learns from them that nothing happened', () => {
  expect(seal.seal(NOW)).not.toBe(seal.seal(NOW));
});

test('the cursor of an event is the same for every subscriber, in every process', () => {
  expect(new CursorSeal('capacity', KEY).seal(EVENT)).toBe(seal.seal(EVENT));
});

test('cursors of neighbouring positions have nothing in common that reveals the distance', () => {
  for (const [first, second] of [
    [EVENT, { ...EVENT, seq: 8 }],
    [NOW, { ...NOW, pos: 42 }],
  ] as const) {
    const [a, b] = [first, second].map((each) => Buffer.from(seal.seal(each), 'base64url'));
    const equalBytes = [...a!].filter((byte, index) => byte === b![index]).length;
    expect(equalBytes).toBeLessThan(8);
  }
});

test('a cursor of another subgraph or of another database is foreign', () => {
  for (const cursor of [seal.seal(NOW), seal.seal(EVENT)]) {
    expect(new CursorSeal('patients', KEY).open(cursor)).toBe('foreign');
    expect(new CursorSeal('capacity', KEY.replace('0', '1')).open(cursor)).toBe('foreign');
  }
});

test('a cursor of one block, as earlier releases gave them, is foreign and not malformed', () => {
  expect(seal.open('mQ3-x_4uVt0aZ1bY2cX3dW')).toBe('foreign');
});

test.each([
  '',
  'x',
  'a'.repeat(21),
  'a'.repeat(23),
  'a'.repeat(53),
  'ä'.repeat(54),
  '='.repeat(54),
])('"%s" is malformed', (cursor) => {
  expect(seal.open(cursor)).toBe('malformed');
});

test('a changed cursor is refused, whatever was changed', () => {
  for (const cursor of [seal.seal(NOW), seal.seal(EVENT)]) {
    for (let bytes = 0; bytes < cursor.length; bytes++) {
      const other = cursor[bytes] === 'A' ? 'B' : 'A';
      const changed = cursor.slice(0, bytes) + other + cursor.slice(bytes + 1);
      expect(['foreign', 'malformed']).toContain(seal.open(changed));
    }
  }
});

test('positions are ordered by commit, then by event', () => {
  expect(isAfter({ pos: 2, seq: 1 }, { pos: 1, seq: 9 })).toBe(true);
  expect(isAfter({ pos: 1, seq: 2 }, { pos: 1, seq: 1 })).toBe(true);
  expect(isAfter({ pos: 1, seq: 1 }, { pos: 1, seq: 1 })).toBe(false);
});
