import { parse, print, visit, type DirectiveNode } from 'graphql';
import type { ClaimSet } from '../../../shared/identity/claims.js';
import { composed } from '../../testing/hospital.js';
import { POLICIES } from './policies.js';
import { securedSupergraph } from './secured-supergraph.js';

const nobodys: ClaimSet = { roles: [], scopes: [], areas: [], facilities: [], organisations: [] };

function supergraphOf(imports: string, types: string): string {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", ${imports})`;
  return composed([{ name: 'only', typeDefs: parse(`${link} ${types}`) }]);
}

function withoutRulesOnInterfaces(sdl: string): string {
  const isKept = ({ name }: DirectiveNode) => name.value !== 'requiresScopes';
  return print(
    visit(parse(sdl), {
      InterfaceTypeDefinition: (type) => ({
        ...type,
        directives: type.directives?.filter(isKept),
        fields: type.fields?.map((field) => ({
          ...field,
          directives: field.directives?.filter(isKept),
        })),
      }),
    }),
  );
}

describe('a supergraph with rights', () => {
  const types =
    'type Query { a: Int @authenticated b: Int @needs(scopes: [["b"]]) c: Int @fed__policy(policies: [["germany-wide"]]) }';
  const imports =
    'as: "fed", import: ["@authenticated", { name: "@requiresScopes", as: "@needs" }]';

  it('loses its mark for the gateway package and nothing else', () => {
    const sdl = supergraphOf(imports, types);
    const { sdl: served } = securedSupergraph(sdl);
    expect(sdl.match(/for: SECURITY/g)).toHaveLength(3);
    expect(served).not.toContain('for: SECURITY');
    expect(served).toContain('for: EXECUTION');
    expect(served.replace(/\s+/g, '')).toBe(
      sdl.replaceAll(/, for: SECURITY/g, '').replace(/\s+/g, ''),
    );
    expect(securedSupergraph(served).sdl).toBe(served);
  });

  it('keeps the mark of what nobody here enforces', () => {
    const sdl = supergraphOf(imports, types).replace(
      '@link(url: "https://specs.apollo.dev/link/v1.0")',
      '$& @link(url: "https://specs.example.org/lock/v1.0", for: SECURITY)',
    );
    expect(() => securedSupergraph(sdl)).toThrow(/specs\.example\.org\/lock.*is for: SECURITY/);
  });

  it('is read whatever its directives are called', () => {
    const { rights } = securedSupergraph(supergraphOf(imports, types));
    const deniedTo = (claims: ClaimSet | undefined) => {
      const { denies } = rights.deniedTo(claims);
      return ['a', 'b', 'c'].filter((field) => denies('Query', field)).join('');
    };
    expect(deniedTo(undefined)).toBe('abc');
    expect(deniedTo(nobodys)).toBe('bc');
    expect(deniedTo({ ...nobodys, scopes: ['b'] })).toBe('c');
    expect(deniedTo({ ...nobodys, scopes: ['b'], areas: [''] })).toBe('');
  });

  it('denies what its index does not know', () => {
    const { rights } = securedSupergraph(supergraphOf(imports, types));
    const everything = { ...nobodys, scopes: ['b'], areas: [''] };
    expect(rights.deniedTo(everything).denies('Query', 'd')).toBe(true);
    expect(rights.deniedTo(everything).denies('Mutation', 'a')).toBe(true);
  });

  it('distinguishes claim sets by what they may see, and by nothing else', () => {
    const { rights } = securedSupergraph(supergraphOf(imports, types));
    const keyOf = (claims: Partial<ClaimSet>) => rights.deniedTo({ ...nobodys, ...claims }).key;
    expect(keyOf({ areas: ['05'] })).toBe(keyOf({ areas: ['09'], scopes: ['x'] }));
    expect(keyOf({ areas: ['05'] })).not.toBe(keyOf({ areas: [''] }));
  });

  it('demands of an interface what each of its types demands, also when composition did not write it there', () => {
    const sdl = supergraphOf(
      'import: ["@requiresScopes"]',
      `type Query { top: Top } interface Top { x: Int }
       interface Low implements Top { x: Int }
       type A implements Top & Low { x: Int @requiresScopes(scopes: [["a"]]) }
       type B implements Top @requiresScopes(scopes: [["b"]]) { x: Int }`,
    );
    for (const supergraph of [sdl, withoutRulesOnInterfaces(sdl)]) {
      const { rights } = securedSupergraph(supergraph);
      const deniedWith = (...scopes: string[]) => {
        const { denies } = rights.deniedTo({ ...nobodys, scopes });
        return ['Top', 'Low', 'A', 'B'].filter((type) => denies(type, 'x')).join(' ');
      };
      expect(deniedWith('b')).toBe('Top Low A');
      expect(deniedWith('a')).toBe('Top B');
      expect(deniedWith('a', 'b')).toBe('');
    }
  });
});

describe('a supergraph is refused', () => {
  const scopes = 'import: ["@requiresScopes"]';
  const scoped = 'type Query { a: Int @requiresScopes(scopes: [["a"]]) }';

  it('when it names a policy that nobody wrote', () => {
    const sdl = supergraphOf(
      'import: ["@policy"]',
      'type Query { a: Int @policy(policies: [["nice"]]) }',
    );
    expect(() => securedSupergraph(sdl)).toThrow(/@policy on Query\.a names "nice"/);
    expect(() => securedSupergraph(sdl.replace('nice', 'germany-wide'))).not.toThrow();
  });

  it('when a directive of rights comes in a version whose meaning is not known', () => {
    const sdl = supergraphOf(scopes, scoped).replace('requiresScopes/v0.1', 'requiresScopes/v0.2');
    expect(() => securedSupergraph(sdl)).toThrow(
      /requiresScopes\/v0\.2; this gateway enforces v0\.1/,
    );
  });

  it('when a directive is called like one of rights and linked to none', () => {
    const sdl = supergraphOf(scopes, scoped).replace(
      / +@link\(url: "[^"]*requiresScopes[^\n]*\n/,
      '',
    );
    expect(() => securedSupergraph(sdl)).toThrow(/defines @requiresScopes without linking/);
  });

  it('when what is demanded is no list of lists', () => {
    const sdl = supergraphOf(scopes, scoped)
      .replace('scopes: [["a"]]', 'scopes: null')
      .replace(/\[\[requiresScopes__Scope!\]!\]!/, '[[requiresScopes__Scope!]!]');
    expect(() => securedSupergraph(sdl)).toThrow();
  });

  it('when it is none', () => {
    expect(() => securedSupergraph('type Query { a: Int }')).toThrow();
    expect(() => securedSupergraph('{')).toThrow(/Syntax Error/);
  });
});

describe('policies', () => {
  it.each([
    ['germany-wide', { areas: [''] }, true],
    ['germany-wide', { areas: ['05', '09'] }, false],
    ['for-a-facility', { facilities: ['f1'] }, true],
    ['for-a-facility', { areas: [''] }, false],
  ])('%s of %j is %s', (name, claims, expected) => {
    expect(POLICIES.get(name)!({ ...nobodys, ...claims })).toBe(expected);
  });
});
