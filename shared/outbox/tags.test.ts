import { tagFilter, tagOf, tagSql, tagValues } from './tags.js';

test('a tag names its key and its value', () => {
  expect(tagOf('category', 'ECMO')).toBe('category:ECMO');
  expect(tagSql('category', 'b.category')).toBe(`'category:' || (b.category)::text`);
});

test.each([
  ['the tag', ['facility:a', 'category:ECMO'], true],
  ['the value alone, as earlier releases wrote it', ['ECMO'], true],
  ['another value', ['category:BURN'], false],
  ['the value under another key', ['need:ECMO'], false],
  ['no tag', [], false],
])('an event with %s matches or not', (_, tags, expected) => {
  expect(tagFilter('category', 'ECMO')({ tags })).toBe(expected);
});

test('every event matches where no value is named', () => {
  for (const value of [null, undefined])
    expect(tagFilter('category', value)({ tags: [] })).toBe(true);
});

test('the values of a key are read wherever their tags stand', () => {
  const tags = ['item:b', 'slot:05315:f', 'slot:09162:g', 'slots:1'];
  expect(tagValues({ tags }, 'slot')).toEqual(['05315:f', '09162:g']);
  expect(tagValues({ tags }, 'facility')).toEqual([]);
});
