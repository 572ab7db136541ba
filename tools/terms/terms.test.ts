import { excesses, folderOf, lowered } from './limits.js';
import { PublishedNames, wordsOf } from './names.js';
import { occurrencesIn, occurrencesInFolders, occurrencesInSchemas } from './occurrences.js';
import { compileTerm, type Term } from './terms.js';

const NO_NAMES = new PublishedNames(['placesFree', 'places', 'PLACE_TAKEN', 'holds:place']);
const PLACE: Term = {
  term: 'place',
  use: 'position',
  names: 'places?',
  text: 'places?',
  exceptText: ['in place'],
};
const PARTICIPLE: Term = { term: 'participle', use: 'a noun', types: '[A-Z][a-z]+ed' };

const foundIn = (file: string, source: string, ...terms: Term[]) =>
  occurrencesIn(file, source, terms.map(compileTerm), NO_NAMES).map(({ line, found }) => [
    line,
    found,
  ]);

describe('the words of a name', () => {
  it.each([
    ['occupiedBeds', ['occupied', 'beds']],
    ['OCCUPIED_BEDS', ['occupied', 'beds']],
    ['occupied-beds.test', ['occupied', 'beds', 'test']],
    ['parseURLOf2', ['parse', 'url', 'of2']],
  ])('of %s are %j', (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });
});

describe('a word of the term list', () => {
  it('is found in an identifier, whatever its case', () => {
    expect(foundIn('a.ts', 'const placeOf = 1;\nlet MAX_PLACES = 2;', PLACE)).toEqual([
      [1, 'placeOf'],
      [2, 'MAX_PLACES'],
    ]);
  });

  it('is found in a comment, in a message and in a test title with its line', () => {
    const source = "/**\n * Finds a place.\n */\nit('has places', () => x(`no place ${y}`));";
    expect(foundIn('a.ts', source, PLACE).map(([line]) => line)).toEqual([4, 4, 2]);
  });

  it('is found in SQL as a name, and not in an operation of GraphQL', () => {
    expect(foundIn('a.ts', 'q(`SELECT 1 AS place FROM t`);', PLACE)).toEqual([[1, 'place']]);
    expect(foundIn('a.ts', 'Prisma.sql`i.place`;', PLACE)).toEqual([[1, 'place']]);
    expect(foundIn('a.ts', 'Prisma.sql`NOT i.places`;', PLACE)).toEqual([]);
    expect(foundIn('a.ts', 'q(`query { place { id } }`);', PLACE)).toEqual([]);
  });

  it('is found in the names of files and of folders', () => {
    expect(foundIn('x/places.ts', '', PLACE)).toEqual([[0, 'places']]);
    const files = ['my-places/a.ts', 'my-places/b.ts'];
    expect(occurrencesInFolders(files, [compileTerm(PLACE)], NO_NAMES)).toHaveLength(1);
  });

  it('is found in descriptions, comments and prose of other languages, not in their code', () => {
    expect(foundIn('a.graphql', '"""A place."""\ntype Place { place: Int }', PLACE)).toHaveLength(
      1,
    );
    expect(foundIn('a.graphql', 'type A @r(scopes: ["holds:place"]) { a: Int }', PLACE)).toEqual(
      [],
    );
    expect(foundIn('a.sql', '-- a place\nSELECT place', PLACE)).toHaveLength(2);
    expect(foundIn('a.md', 'A place.\n\n```\nplace\n```\n\n`place`\n', PLACE)).toHaveLength(1);
  });

  it('does not count in a phrase where it has its plain meaning', () => {
    expect(foundIn('a.ts', '// sorted in place', PLACE)).toEqual([]);
  });

  it('does not count where the schema has the name', () => {
    expect(
      foundIn('a.ts', 'x.places; f(x.placesFreeNow); const a = "PLACE_TAKEN";', PLACE),
    ).toEqual([]);
    expect(foundIn('a.ts', 'const places = 1;', PLACE)).toEqual([[1, 'places']]);
  });

  it('counts in a name of the schema that is not among those clients rely on', () => {
    const names = ['Place', 'ReservedPlaceInput', 'NO_PLACE', 'Bed'];
    const term = compileTerm({ ...PLACE, clientNames: ['Place'] });
    const found = occurrencesInSchemas('gateway/api.graphql', names, [term]);
    expect(found.map(({ folder, found: name }) => [folder, name])).toEqual([
      ['gateway', 'ReservedPlaceInput'],
      ['gateway', 'NO_PLACE'],
    ]);
    expect(occurrencesInSchemas('gateway/api.graphql', names, [compileTerm(PLACE)])).toEqual([]);
  });

  it('does not count in a coordinate of the schema', () => {
    const source = 'x("Query.places"); // see Query.places and places(first: 1)';
    const published = new PublishedNames(['Query', 'places']);
    expect(occurrencesIn('a.ts', source, [compileTerm(PLACE)], published)).toEqual([]);
    expect(foundIn('a.ts', 'x("Query.places");', PLACE)).toEqual([[1, 'Query.places']]);
  });

  it('does not count in other folders where it is limited to some', () => {
    expect(foundIn('gateway/a.ts', '// place', { ...PLACE, folders: ['gateway'] })).toHaveLength(1);
    expect(foundIn('tests/a.ts', '// place', { ...PLACE, folders: ['gateway'] })).toEqual([]);
  });

  it('names a declared type, if it is about types', () => {
    const source = 'interface Asked { a: 1 }\ntype ReservedBed = Asked;';
    expect(foundIn('a.ts', source, PARTICIPLE)).toEqual([[1, 'Asked']]);
  });
});

describe('the limits', () => {
  it('count per subgraph and per first folder', () => {
    expect(['subgraphs/capacity/beds/a.ts', 'gateway/a/b.ts', 'README.md'].map(folderOf)).toEqual([
      'subgraphs/capacity',
      'gateway',
      '.',
    ]);
  });

  it('are exceeded by one more, and by the first word in a clean folder', () => {
    const limits = { gateway: { place: 2 } };
    expect(excesses(limits, { gateway: { place: 2 } })).toEqual([]);
    expect(excesses(limits, { gateway: { place: 3 }, tests: { place: 1 } })).toEqual([
      { folder: 'gateway', term: 'place', count: 3, limit: 2 },
      { folder: 'tests', term: 'place', count: 1, limit: 0 },
    ]);
  });

  it('only fall, and have no entry where nothing is left', () => {
    const limits = { gateway: { ask: 1, place: 2 }, tests: { place: 1 } };
    expect(lowered(limits, { gateway: { ask: 5, place: 1 }, bench: { place: 1 } })).toEqual({
      gateway: { ask: 1, place: 1 },
    });
  });
});
