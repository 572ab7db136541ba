import { getIntrospectionQuery, parse } from 'graphql';
import { SAMPLE_TABS } from '../sandbox/operations.js';
import { limitsWith } from './limits.js';
import { checkShape } from './shape.js';
import { checkValidationWork } from './validation-work.js';
import { slowness } from '../../tests/speed/slowness.js';

const LIMITS = limitsWith();
const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

function check(text: string, comparisons = LIMITS.comparisons): void {
  const document = parse(text, { maxLexicalTokens: LIMITS.tokens });
  checkShape(document, LIMITS);
  checkValidationWork(document, { ...LIMITS, comparisons });
}

describe('the work of validating an operation', () => {
  it.each([
    ['selections', '{ a b { c } }', 3],
    ['pairs of equal fields', '{ a a a }', 3 + 3],
    ['pairs of equal fields in inline fragments', '{ a ... { a } ... on T { a } }', 5 + 3],
    ['pairs of equal fields in fragments', '{ a ...F } fragment F on T { a }', 3 + 1],
    ['a fragment that nobody spreads', '{ a } fragment F on T { a b }', 3],
    ['pairs below pairs', '{ a { b } a { b } }', 4 + 1 + 1],
    ['no pairs of other names or other paths', '{ a { id } b: a { id } c { id } }', 6],
    [
      'variables for each further operation',
      'query A { ...F } query B { ...F } fragment F on T { a(b: $c) }',
      4 + 1,
    ],
  ])('counts %s', (_, text, steps) => {
    expect(() => check(text, steps)).not.toThrow();
    expect(() => check(text, steps - 1)).toThrow(`at most ${steps - 1} comparisons`);
  });

  it.each([
    [
      'inline fragments',
      `{ incidents { ${times(14, () => `nodes { ${times(14, () => '... { ... { patients(first: 1) { nodes { id tag } } } }')} }`)} } }`,
    ],
    [
      'spread fragments',
      `{ ${times(100, (i) => `...F${i}`)} } ${times(100, (i) => `fragment F${i} on Query { incidents { ...G${i} } } fragment G${i} on IncidentConnection { nodes { id name } }`)}`,
    ],
    [
      'operations that spread one fragment',
      `${times(200, (i) => `query A${i} { ...F }`)} fragment F on Query { ${times(90, (i) => `f${i}`)} }`,
    ],
    [
      'operations and variables',
      `${times(100, (i) => `query A${i} { ...F }`)} fragment F on Query { f(x: [${'$v '.repeat(1_000)}]) }`,
    ],
    [
      'fragments that hold no field in the end',
      `{ ...F0 } ${times(60, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)}`,
    ],
    ['equal fields in nested inline fragments', `{ ${'... { a '.repeat(150)} ${'}'.repeat(150)} }`],
  ])('is bounded for %s', (_, text) => {
    const since = performance.now();
    expect(() => check(text)).toThrow(`at most ${LIMITS.comparisons} comparisons`);
    expect(performance.now() - since).toBeLessThan(1_000 * slowness());
  });

  it('has room for the operations of the hub itself, four times over', () => {
    const own = [
      getIntrospectionQuery({ inputValueDeprecation: true }),
      ...SAMPLE_TABS.map(({ query }) => query),
    ];
    for (const query of own) check(query, LIMITS.comparisons / 4);
  });

  it('ends at a fragment within itself, in the words of validation', () => {
    for (const text of [
      '{ ...A } fragment A on T { ...B } fragment B on T { a ...A }',
      '{ a } fragment A on T { a { ...A } }',
    ]) {
      expect(() => check(text)).toThrow('Cannot spread fragment "A" within itself.');
    }
  });
});
