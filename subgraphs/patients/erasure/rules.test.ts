import { wordsNaming } from './rules.js';

test.each([
  ['only a tag', 'Ö 17', undefined, ['Ö 17']],
  [
    'a name with its parts, and no particle',
    'K 1',
    { name: ' Erika von Muster-Mann, Dr ', dateOfBirth: null },
    ['Erika von Muster-Mann, Dr', 'Muster-Mann', 'Erika', 'K 1'],
  ],
  [
    'a birthday as it is written',
    'K 2',
    { name: null, dateOfBirth: '1964-08-02' },
    ['1964-08-02', '02.08.1964', '2.8.1964', 'K 2'],
  ],
])('a person is named by %s', (_, tag, identity, words) => {
  expect(wordsNaming(tag, identity)).toEqual(words);
});
