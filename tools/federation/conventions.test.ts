import { parse } from 'graphql';
import { SUBGRAPHS } from '../../shared/env.js';
import { typeDefsOf } from '../../shared/subgraph/type-defs.js';
import {
  areasHaveRegions,
  CACHED_TYPES,
  cachedTypesHaveIds,
  changesHaveMarks,
  referencesMayBeAmbiguous,
  startsEndsAndOrdersHaveOneName,
} from './conventions.js';
import { subgraphOf } from './subgraph-types.js';

const withoutIds = (schema: string) => cachedTypesHaveIds([subgraphOf('a', parse(schema))]);
const withoutRegions = (schema: string) => areasHaveRegions([subgraphOf('a', parse(schema))]);

test.each(['type Beds { free: Int }', 'type Beds { id: ID }', 'type Beds { id: String! }'])(
  'a type that caches identify cannot lack an id that is never null: %s',
  (schema) => {
    expect(withoutIds(schema)).toEqual([expect.stringMatching(/^type Beds in a has no `id: ID!`/)]);
  },
);

test('an id may stand in an extension, and a foreign stub needs none', () => {
  expect(withoutIds('type Beds { free: Int } extend type Beds { id: ID! }')).toEqual([]);
  expect(
    withoutIds('type Region @key(fields: "code", resolvable: false) { code: String! }'),
  ).toEqual([]);
});

test('every listed type is in a schema', () => {
  const types = SUBGRAPHS.flatMap((name) => [...subgraphOf(name, typeDefsOf(name)).types.keys()]);
  expect(types).toEqual(expect.arrayContaining([...CACHED_TYPES]));
});

const REGION = 'type Region @key(fields: "code") { code: String! name: String }';

test('an object with an area cannot lack its region where a subgraph has the type or a stub of it', () => {
  const stub = 'type Region @key(fields: "code", resolvable: false) { code: String! }';
  expect(withoutRegions(`${stub} type Ward { area: String }`)).toHaveLength(1);
  expect(withoutRegions(`${REGION} type Ward { area: String }`)).toEqual([
    expect.stringMatching(/^type Ward in a has an `area` and no region/),
  ]);
  expect(withoutRegions(`${REGION} type Ward { area: String region: Region }`)).toEqual([]);
  expect(withoutRegions('type Ward { area: String }')).toEqual([]);
});

test('an area that does not exist and what no client sees have no region', () => {
  expect(withoutRegions(`${REGION} type UnknownArea { area: String! }`)).toEqual([]);
  expect(withoutRegions(`${REGION} type Ward @inaccessible { area: String! }`)).toEqual([]);
});

describe('a message of a resumable subscription', () => {
  const problems = (change: string) =>
    changesHaveMarks([
      subgraphOf(
        'a',
        parse(
          `type Subscription { bedChanged: BedChange @resumable } type Bed { id: ID! } type BedChange { ${change} }`,
        ),
      ),
    ]);
  const MARKED = 'cursor: String! at: DateTime! caughtUp: Boolean!';

  test('says whether it is a mark, and has an entity that a mark lacks', () => {
    expect(problems(`${MARKED} bed: Bed beds: [Bed!]!`)).toEqual([]);
    expect(problems('cursor: String! at: DateTime! bed: Bed')).toEqual([
      expect.stringMatching(/^type BedChange in a has no `caughtUp: Boolean!`/),
    ]);
    expect(problems(`${MARKED} bed: Bed!`)).toEqual([
      expect.stringMatching(/^BedChange.bed in a is never null/),
    ]);
  });
});

test('a union with an unknown facility cannot lack the ambiguous one', () => {
  const problems = (union: string) => referencesMayBeAmbiguous([subgraphOf('a', parse(union))]);
  expect(problems('union O = A | UnknownFacility | AmbiguousFacility')).toEqual([]);
  expect(problems('union O = A')).toEqual([]);
  expect(problems('union O = A | UnknownFacility')).toEqual([
    expect.stringMatching(/^union O in a has UnknownFacility and no AmbiguousFacility/),
  ]);
});

test('starts, ends and orders have one name, and a destination may be called `to`', () => {
  const problems = (schema: string) =>
    startsEndsAndOrdersHaveOneName([subgraphOf('a', parse(schema))]);
  expect(
    problems(
      'type A { until: DateTime to: Facility a(orderBy: O): Int } input I { to: ID! from: DateTime }',
    ),
  ).toEqual([]);
  expect(problems('input I { to: DateTime }')).toEqual(['I in a has `to`: call it `until`.']);
  expect(problems('type A { expiresAt: DateTime list(sort: O): Int }')).toEqual([
    'A in a has `expiresAt`: call it `until`.',
    'A in a has `sort`: call it `orderBy`.',
  ]);
});
