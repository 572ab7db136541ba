import { getIntrospectionQuery, parse } from 'graphql';
import { limitsWith } from './limits.js';
import { checkShape } from './shape.js';

const LIMITS = limitsWith();
const check = (text: string) => checkShape(parse(text), LIMITS);
const nested = (levels: number) => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`;
const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

describe('the shape of an operation', () => {
  it('accepts the introspection query of GraphiQL', () => {
    check(
      getIntrospectionQuery({
        inputValueDeprecation: true,
        schemaDescription: true,
        specifiedByUrl: true,
      }),
    );
  });

  it.each([
    ['levels', nested(16), nested(17)],
    [
      'fields side by side',
      `{ ${times(100, (i) => `f${i}`)} }`,
      `{ ${times(101, (i) => `f${i}`)} }`,
    ],
    ['aliases', `{ ${times(50, (i) => `a${i}: b`)} }`, `{ ${times(51, (i) => `a${i}: b`)} }`],
    ['directives', `{ a ${times(50, () => '@x')} }`, `{ a ${times(51, () => '@x')} }`],
    [
      'fields',
      `{ ${times(10, (i) => `g${i} { ${times(99, (j) => `f${j}`)} }`)} }`,
      `{ ${times(11, (i) => `g${i} { ${times(99, (j) => `f${j}`)} }`)} }`,
    ],
  ])('is refused above its limit of %s and passes at it', (what, most, tooMuch) => {
    expect(() => check(most)).not.toThrow();
    expect(() => check(tooMuch)).toThrow(new RegExp(`at most \\d+ ${what}; this one has \\d+\\. `));
  });

  it('is that with every fragment written out, and found without writing them out', () => {
    const doubling = times(60, (i) => `fragment F${i} on T { ...F${i + 1} ...F${i + 1} }`);
    expect(() => check(`{ ...F0 } ${doubling} fragment F60 on T { a }`)).toThrow('fields');
  });

  it('counts levels through fragments', () => {
    const chain = times(17, (i) => `fragment F${i} on T { a { ...F${i + 1} } }`);
    expect(() => check(`{ ...F0 } ${chain} fragment F17 on T { a }`)).toThrow('levels');
  });

  it('is measured of fragments that nobody spreads, because they are validated too', () => {
    expect(() => check(`{ a } fragment F on T ${nested(17)}`)).toThrow('levels');
  });

  it('ends for fragments that spread themselves, which validation refuses', () => {
    check('{ ...A } fragment A on T { ...B } fragment B on T { a ...A }');
  });
});
