import { identifyingText, isIdentifying } from './identifying-text.js';

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
])('%j is %j', (text, expected) => {
  expect(identifyingText(text)).toBe(expected);
});

test.each(['Ä-0001', 'ä-0001', 'Köln 1-83-1', 'Ａ-1', ' a ', ''])('%j stays as it is', (text) => {
  expect(identifyingText(text)).toBe(text);
});

test('names and reasons are not identifying', () => {
  expect(['tag', 'vehicle', 'callSign', 'source'].every(isIdentifying)).toBe(true);
  expect(['name', 'reason', 'idempotencyKey', 'tags'].some(isIdentifying)).toBe(false);
});
