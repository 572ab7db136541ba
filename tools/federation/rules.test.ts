import { parse } from 'graphql';
import { FEDERATION_RULES } from './rules.js';
import { subgraphOf } from './subgraph-types.js';

/** Returns the findings of all rules for subgraphs named a, b, ... with these schemas. */
function violations(...schemas: string[]): string[] {
  const subgraphs = schemas.map((schema, index) => subgraphOf('ab'[index]!, parse(schema)));
  return FEDERATION_RULES.flatMap((rule) => rule(subgraphs));
}

const OWNED = 'type Facility @key(fields: "id") { id: ID! name: String }';

describe('enums', () => {
  const withArgument = 'enum Need { ECMO BURNS } type Query { beds(need: Need): Int }';

  it('that clients send and receive have the same values everywhere', () => {
    expect(violations(withArgument, 'enum Need { ECMO } type Patient { need: Need }')).toEqual([
      expect.stringMatching(/^enum Need in b lacks BURNS: /),
    ]);
    expect(
      violations(withArgument, 'enum Need { BURNS ECMO } type Patient { need: Need }'),
    ).toEqual([]);
  });

  it('that clients only send or only receive may differ', () => {
    expect(
      violations(withArgument, 'enum Need { ECMO } type Mutation { order(need: [Need!]): Int }'),
    ).toEqual([]);
    expect(violations('enum E { A } type T { e: E }', 'enum E { A B } type U { e: E! }')).toEqual(
      [],
    );
  });

  it('are also sent as a field of an input', () => {
    const sending = 'enum Need { ECMO BURNS } input SlotRequest { need: Need! }';
    expect(violations(sending, 'enum Need { ECMO } type Patient { need: Need }')).toHaveLength(1);
  });
});

describe('inputs', () => {
  it('have a name of their own in each subgraph', () => {
    expect(violations('input Filter { area: String }', 'input Filter { role: String }')).toEqual([
      expect.stringMatching(/^input Filter is defined in a and b: rename/),
    ]);
    expect(
      violations('input BedFilter { area: String }', 'input StaffFilter { role: String }'),
    ).toEqual([]);
  });

  it('may be extended within their subgraph', () => {
    expect(
      violations('input Filter { area: String } extend input Filter { kind: String }'),
    ).toEqual([]);
  });
});

describe('interface Refusal', () => {
  it('is the same everywhere', () => {
    const refusal = 'interface Refusal { message: String! }';
    expect(
      violations(refusal, '"Described otherwise." interface Refusal { message: String! }'),
    ).toEqual([]);
    expect(violations(refusal, 'interface Refusal { message: String }')).toEqual([
      expect.stringMatching(/^interface Refusal in b is \{ message: String \}/),
    ]);
  });
});

describe('types that are no entities', () => {
  it('are @shareable where two subgraphs define them', () => {
    const plain = 'type Position { latitude: Float! }';
    const shareable = 'type Position @shareable { latitude: Float! }';
    expect(violations(shareable, plain)).toEqual([expect.stringMatching(/^type Position in b /)]);
    expect(violations(shareable, shareable)).toEqual([]);
    expect(violations(plain)).toEqual([]);
  });

  it('do not include the root types', () => {
    expect(violations('type Query { a: Int }', 'extend type Query { b: Int }')).toEqual([]);
  });
});

describe('entities', () => {
  it('have one owner; the others extend', () => {
    const adding = 'type Facility @key(fields: "id") { id: ID! patients: Int }';
    expect(violations(OWNED, adding)).toEqual([
      expect.stringMatching(/^entity Facility is defined by a and b: /),
    ]);
    expect(violations(OWNED, `extend ${adding}`)).toEqual([]);
  });

  it('may be written in several files of their owner', () => {
    expect(
      violations(`${OWNED} extend type Facility { beds: Int! }`, 'type Query { n: Int }'),
    ).toEqual([]);
  });

  it('are named by others with a stub that is not resolvable', () => {
    expect(violations(OWNED, 'type Facility @key(fields: "id") { id: ID! }')).toEqual([
      expect.stringMatching(/^type Facility in b only names an entity/),
    ]);
    expect(
      violations(OWNED, 'type Facility @key(fields: "id", resolvable: false) { id: ID! }'),
    ).toEqual([]);
  });
});

describe('fields that another subgraph resolves are nullable', () => {
  const stub = 'type Facility @key(fields: "id", resolvable: false) { id: ID! }';

  it('where a field leads to a foreign entity', () => {
    expect(violations(OWNED, `${stub} type Transfer { to: Facility! }`)).toEqual([
      expect.stringMatching(/^Transfer\.to in b is resolved by another subgraph: make it nullable/),
    ]);
    expect(violations(OWNED, `${stub} type Transfer { stops: [Facility!]! }`)).toHaveLength(1);
    expect(violations(OWNED, `${stub} type Transfer { to: Facility stops: [Facility!] }`)).toEqual(
      [],
    );
  });

  it('in the entity itself, where another subgraph leads to it', () => {
    const leading = `${stub} type Transfer { to: Facility }`;
    expect(violations(`${OWNED} extend type Facility { beds: [Int!]! }`, leading)).toEqual([
      expect.stringMatching(/^Facility\.beds in a is reached through b: make it nullable/),
    ]);
    expect(violations(`${OWNED} extend type Facility { beds: [Int!] }`, leading)).toEqual([]);
    expect(violations(`${OWNED} extend type Facility { beds: [Int!]! }`, stub)).toEqual([]);
  });

  it('but not in a region, whose key stands as `area` beside the field that leads to it', () => {
    const regions = 'type Region @key(fields: "code") { id: ID! code: String! name: String! }';
    const leading = (type: string) =>
      `type Region @key(fields: "code", resolvable: false) { code: String! } type Incident { area: String! region: ${type} }`;
    expect(violations(regions, leading('Region'))).toEqual([]);
    expect(violations(regions, leading('Region!'))).toHaveLength(1);
  });

  it('where a field is added to a foreign entity', () => {
    const adding = (type: string) =>
      `extend type Facility @key(fields: "id") { id: ID! arriving: ${type} }`;
    expect(violations(OWNED, adding('Int!'))).toEqual([
      expect.stringMatching(/^Facility\.arriving in b is added to an entity of another subgraph/),
    ]);
    expect(violations(OWNED, adding('Int'))).toEqual([]);
  });

  it('but not where the owner resolves them', () => {
    expect(violations(`${OWNED} type Page { nodes: [Facility!]! }`, stub)).toEqual([]);
  });

  it('and not where a field only restates what the owner has', () => {
    const restating =
      'extend type Facility @key(fields: "id") { id: ID! name: String @external far: Int @requires(fields: "name") }';
    expect(violations(OWNED, restating)).toEqual([]);
  });
});
