import { buildSchema, getOperationAST, parse, print } from 'graphql';
import { restrict } from './restriction.js';

const schema = buildSchema(
  'type Query { node: Node } type Node { open: Int secret: Int node: Node }',
);
const denied = {
  key: '',
  denies: (_: string, field: string) => field === 'secret',
  missing: () => 'the scope secrets:read',
};

function restrictionOf(query: string, own?: string[]) {
  const document = parse(query);
  return restrict(
    { schema, requirements: { hasField: () => false } },
    denied,
    document,
    getOperationAST(document)!,
    own,
  );
}

describe('a restriction', () => {
  it('is none where nothing is denied', () => {
    expect(restrictionOf('{ node { open a: open } }')).toBeUndefined();
  });

  it('reports a hundred paths, and hides all', () => {
    const many = Array.from({ length: 150 }, (_, index) => `a${index}: secret`).join(' ');
    const { denials, planned, shaped } = restrictionOf(`{ node { open ${many} } }`)!;
    expect(denials).toHaveLength(100);
    expect(print(planned!)).not.toContain('secret');
    expect(print(shaped)).not.toMatch(/ a\d+: secret/);
  });

  it('costs no more than the text, however often its fragments are used', () => {
    const levels = Array.from(
      { length: 60 },
      (_, level) =>
        `fragment F${level} on Node { a: node { ...F${level + 1} } b: node { ...F${level + 1} } }`,
    );
    const query = `{ node { ...F0 } } ${levels.join(' ')} fragment F60 on Node { open secret }`;
    const { denials, planned } = restrictionOf(query)!;
    expect(denials).toHaveLength(100);
    expect(print(planned!)).not.toContain('secret');
  });

  it('lets the gateway fetch fields for itself, and does not show them', () => {
    const { planned, shaped } = restrictionOf('{ node { secret own: secret } }', ['own'])!;
    expect(print(planned!).replace(/\s+/g, ' ')).toBe('{ node { own: secret } }');
    expect(print(shaped)).not.toContain('own: secret');
  });

  it('leaves no fragment and no variable without a use', () => {
    const { planned, shaped } = restrictionOf(`query ($skip: Boolean!) {
      node { open ...S @skip(if: $skip) }
    } fragment S on Node { secret }`)!;
    expect(print(planned!).replace(/\s+/g, ' ')).toBe('{ node { open } }');
    expect(print(shaped)).toContain('$skip');
  });
});
