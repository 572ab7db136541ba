import { withWords, withoutWords, wordsOf } from './words.js';

const INPUT = { tag: ' Ö 1 ', name: 'Erika (Mustermann)', born: null, list: [{ pzc: '332.1' }] };
const WORDS = wordsOf(INPUT);

test.each([
  ['a text', 'The tag Ö 1 is worn by Erika (Mustermann).'],
  ['texts within lists and objects', [{ a: ['Ö 1', 7, null, true] }, 'x332.1x']],
  ['a text without any of the words', '332x1'],
  ['a word that is cut off', 'The tag Erika (Must is too long.'],
  ['marks for private use', '\uE0000\uE001 \uE000 \uE001 Ö 1'],
])('%s comes back as it was, and is stored without the words', (_, value) => {
  const stored = withoutWords(value, WORDS);
  for (const word of ['Ö 1', 'Erika', '332.1']) expect(JSON.stringify(stored)).not.toContain(word);
  expect(withWords(stored, WORDS)).toEqual(value);
});

test('the name of a type stays, also where it is a word', () => {
  const value = { __typename: 'TagInUse', tag: 'TagInUse' };
  const stored = withoutWords(value, ['TagInUse']);
  expect(stored.__typename).toBe('TagInUse');
  expect(withWords(stored, ['TagInUse'])).toEqual(value);
});
