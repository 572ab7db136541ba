import { tagFilter, tagOf, tagSql } from './tags.js';

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
