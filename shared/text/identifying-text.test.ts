import {
  batchText,
  identifyingFault,
  identifyingForm,
  identifyingText,
  isIdentifying,
} from './identifying-text.js';

test.each([
  ['A\u0308-0001', 'Ä-0001'],
  ...[
    '\u200b',
    '\u200d',
    '\u00ad',
    '\u2060',
    '\ufeff',
    '\ufe0f',
    '\u034f',
    '\u3164',
    '\u{e0041}',
  ].flatMap((invisible) => [
    [`Ä-${invisible}0001`, 'Ä-0001'],
    [`Ä-0001${invisible}`, 'Ä-0001'],
  ]),
  ...['  ', '\u00a0', ' \u2009 ', '\u3000', '\u2800', ' \u200b '].map((space) => [
    `Köln${space}1-83-1`,
    'Köln 1-83-1',
  ]),
  ['Ａ-１', 'A-1'],
  ...['\u2010', '\u2011', '\u2013', '\u2212', '－'].map((dash) => [`A${dash}1`, 'A-1']),
])('%j is %j', (text, expected) => {
  expect(identifyingText(text)).toBe(expected);
});

test.each(['Ä-0001', 'ä-0001', 'Köln 1-83-1', ' a ', ''])('%j stays as it is', (text) => {
  expect(identifyingText(text)).toBe(text);
});

test('names and reasons are not identifying', () => {
  expect(['tag', 'vehicle', 'callSign', 'source', 'batch'].every(isIdentifying)).toBe(true);
  expect(['name', 'reason', 'idempotencyKey', 'tags'].some(isIdentifying)).toBe(false);
});

test.each([
  'L1 ',
  ' L1',
  'L1\u00a0',
  'L\u200b1',
  '\ufeffL1',
  'Ｌ１',
  'l1',
  '\u3000ｌ1\u00ad',
  ' \u200b L1',
])('batch %j is L1', (written) => {
  expect(batchText(written)).toBe('L1');
  expect(identifyingForm(written, 'batch')).toBe('L1');
});

test('a batch number with a hyphen is another one, with a space it is none, and hyphens are of one kind', () => {
  expect(['L-1', 'L\u20111', 'L\u20131', 'L\u22121', 'L 1', 'L0'].map(batchText)).toEqual([
    'L-1',
    'L-1',
    'L-1',
    'L-1',
    'L1',
    'L0',
  ]);
});

test('the id of a batch of the hub’s own keeps its form', () => {
  const id = 'd2719e3f-2c4b-4c3a-9d0a-0f1e2d3c4b5a';
  expect([id, id.toUpperCase()].map(batchText)).toEqual([id, id]);
});

test('the form of a batch number is its own form', () => {
  for (const batch of ['ﬁ1', 'é', '\u0345', 'ŉ', '\u200b']) {
    expect(batchText(batchText(batch))).toBe(batchText(batch));
  }
});

test('cards of patients keep their case', () => {
  expect(identifyingForm('a-1', 'tag')).toBe('a-1');
});

describe('the look of a text that identifies', () => {
  test.each([
    ['a Cyrillic А', 'А1', 'U+0410'],
    ['a Greek Α', 'L1Α', 'U+0391'],
    ['an umlaut, which no code on a pack holds', 'ÄL1', 'U+00C4'],
    ['a sharp s, which would become SS', 'ß1', 'U+00DF'],
    ['an i without its dot, which would become I', 'ı1', 'U+0131'],
    ['a j without its dot', 'ȷ1', 'U+0237'],
    ['a sign that GS1 leaves out', 'L#1', 'U+0023'],
    ['a subscript that is no digit', 'L\u2090\u0259', 'U+0259'],
  ])('a batch number is refused for %s', (_, written, code) => {
    expect(identifyingFault('input.batch', written, 'batch')).toMatch(
      new RegExp(`^input.batch has the letters A to Z.*${code.replace('+', '\\+')}`),
    );
  });

  test.each(['L1', 'l-1/A.2', 'Ｌ１', 'L 1', ` L\u200b1`, `!"%&'()*+,-./:;<=>?_`, ''])(
    'a batch number may be %j',
    (written) => {
      expect(identifyingFault('batch', written, 'batch')).toBeUndefined();
    },
  );

  test.each(['tag', 'vehicle', 'callSign', 'source'])('%s has Latin letters alone', (field) => {
    expect(identifyingFault(field, 'А-0001', field)).toContain('U+0410');
    expect(identifyingFault(field, '\u039aöln 1', field)).toContain('U+039A');
    for (const text of ['Ä-0001', 'Florian Köln 1-83-1', '№ 7 (é)', 'Ａ-1'])
      expect(identifyingFault(field, text, field)).toBeUndefined();
  });
});
