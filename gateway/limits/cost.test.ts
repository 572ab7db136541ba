import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import {
  getOperationAST,
  getVariableValues,
  isInputObjectType,
  isObjectType,
  parse,
} from 'graphql';
import { projectPath } from '../../shared/root.js';
import { supergraphState, type SupergraphState } from '../supergraph/supergraph-state.js';
import { SAMPLE_TABS } from '../sandbox/operations.js';
import { costOf } from './cost.js';
import { limitsWith } from './limits.js';

const LIMITS = limitsWith();

function cost(state: SupergraphState, text: string, variables: Record<string, unknown> = {}) {
  const document = parse(text);
  const operation = getOperationAST(document)!;
  const { coerced } = getVariableValues(
    state.schema,
    operation.variableDefinitions ?? [],
    variables,
  );
  return costOf(state, document, operation, coerced!, LIMITS);
}

describe('the cost of an operation', () => {
  const shop = composed(/* GraphQL */ `
    extend schema
      @link(
        url: "https://specs.apollo.dev/federation/v2.9"
        import: [{ name: "@cost", as: "@price" }, "@listSize", "@composeDirective"]
      )
      @link(url: "https://specs.vierblatt.dev/list-size-by/v1.0", import: ["@listSizeBy"])
      @composeDirective(name: "@listSizeBy")
    directive @listSizeBy(argument: String!, values: [String!]!, sizes: [Int!]!) on FIELD_DEFINITION
    type Query {
      areas(level: Level = SMALL): [Item!]
        @listSize(assumedSize: 50)
        @listSizeBy(argument: "level", values: ["LARGE", "SMALL"], sizes: [2, 30])
      one: Item
      some: [Item!]
      plain: Int
      five: [Item!] @listSize(assumedSize: 5)
      dear: Int @price(weight: 7)
      page(first: Int = 20, last: Int): Page
        @listSize(
          slicingArguments: ["first", "last"]
          sizedFields: ["items"]
          requireOneSlicingArgument: false
        )
      search(by: Filter, text: String @price(weight: 3)): Int
    }
    type Mutation {
      save(items: [Filter!]!): Int
    }
    enum Level {
      LARGE
      MIDDLE
      SMALL
    }
    type Page {
      items: [Item!]!
      total: Int
    }
    type Item {
      id: ID!
      part: Item
      heavy: Heavy
    }
    type Heavy @price(weight: 4) {
      id: ID!
    }
    input Filter {
      a: Int
      b: Int @price(weight: 2)
      inner: Filter
    }
  `);

  it.each<[string, number, string, object?]>([
    ['a scalar is free', 0, '{ plain }'],
    ['an object is 1', 1, '{ one { id } }'],
    ['and so is the object in it', 2, '{ one { part { id } } }'],
    ['a weighted field is its weight, also under another name of @cost', 7, '{ dear }'],
    ['an object of a weighted type too', 5, '{ one { heavy { id } } }'],
    ['a list of which nothing is said is 25', 25, '{ some { id } }'],
    ['a list with an assumed size is as long', 5, '{ five { id } }'],
    ['lists within lists multiply', 5 * (1 + 1 + 4), '{ five { part { heavy { id } } } }'],
    ['a page is as long as its default', 1 + 20, '{ page { items { id } } }'],
    ['or as asked', 1 + 3, '{ page(first: 3) { items { id } } }'],
    [
      'or as a variable says',
      1 + 4,
      'query ($n: Int) { page(first: $n) { items { id } } }',
      { n: 4 },
    ],
    [
      'or as the default of a variable says',
      1 + 6,
      'query ($n: Int = 6) { page(first: $n) { items { id } } }',
    ],
    [
      'or as the larger of two arguments says',
      1 + 9,
      '{ page(first: 3, last: 9) { items { id } } }',
    ],
    [
      'also through fragments',
      1 + 3,
      '{ page(first: 3) { ...P } } fragment P on Page { ... { items { id } } }',
    ],
    ['a list is as long as an enum argument says', 2, '{ areas(level: LARGE) { id } }'],
    ['or a variable for it', 2, 'query ($l: Level!) { areas(level: $l) { id } }', { l: 'LARGE' }],
    ['or its default', 30, '{ areas { id } }'],
    ['and as assumed for a value of which nothing is said', 50, '{ areas(level: MIDDLE) { id } }'],
    ['a page without its entries is an object', 1, '{ page { total } }'],
    ['aliases count each', 2, '{ a: one { id } b: one { id } }'],
    [
      'what is left out is free',
      0,
      'query ($y: Boolean!) { one @include(if: $y) { id } }',
      { y: false },
    ],
    ['a weighted argument counts if given', 3, '{ search(text: "x") }'],
    [
      'an input object is 1, with what is weighted in it',
      1 + 2 + 1,
      '{ search(by: { b: 1, inner: { a: 1 } }) }',
    ],
    [
      'a mutation is 10, and each thing handed over 1',
      10 + 3,
      'mutation { save(items: [{ a: 1 }, { a: 2 }, { a: 3 }]) }',
    ],
    ['one type of the schema is dear', 1000, '{ __type(name: "Item") { name } }'],
    ['the schema is dearer', 20_000, '{ __schema { types { name } } }'],
  ])('%s', (_, expected, text, variables = {}) => {
    expect(cost(shop, text, variables as never)).toBe(expected);
  });

  it('is not computed for a page above the limit, which is refused', () => {
    expect(() => cost(shop, '{ page(first: 501) { total } }')).toThrow(
      'Query.page(first:) returns at most 500 entries at once; 501 were requested.',
    );
  });
});

describe('with the hub of today', () => {
  const hub = supergraphState(readFileSync(projectPath('gateway/supergraph.graphql'), 'utf8'));
  const room = LIMITS.cost / 2;

  it.each(SAMPLE_TABS)('the sandbox operation %# leaves room', ({ query, variables = '{}' }) => {
    const sum = cost(hub, query, JSON.parse(variables) as never);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(room);
  });

  it('all Kreise with all their beds pass', () => {
    const text =
      '{ regions(level: KREIS) { beds { category free statuses { status facilities } } } }';
    expect(cost(hub, text)).toBe(200 + 401 * (1 + 12 * (1 + 4)));
    expect(cost(hub, text)).toBeLessThan(room);
  });

  it('a list of regions costs by its level', () => {
    const of = (level: string) => cost(hub, `{ regions(level: ${level}) { name } }`);
    expect(of('COUNTRY')).toBe(200 + 1);
    expect(of('LAND')).toBe(200 + 16);
    expect(of('KREIS')).toBe(200 + 401);
  });

  it('fifty sums over all of Germany cost what they take the database', () => {
    const text = Array.from(
      { length: 50 },
      (_, n) => `a${n}: regions(level: COUNTRY) { beds { free } }`,
    );
    expect(cost(hub, `{ ${text.join(' ')} }`)).toBeGreaterThan(9_000);
  });

  it('every list of regions has the price of a sum', () => {
    const lists = [...hub.prices.listSizesBy.keys()].map((list) => `${list}(level:)`);
    expect(lists.length).toBeGreaterThan(1);
    for (const level of lists) expect([level, hub.prices.weights.get(level)]).toEqual([level, 200]);
  });

  it.each(['proposeAllocation', 'distributeFrom', 'confirmAllocation'])(
    '%s has the price of a large plan, and several in one operation are refused',
    (name) => {
      const mutation = (times: number) => {
        const fields = Array.from({ length: times }, (_, n) => `a${n}: ${name} { __typename }`);
        return cost(hub, `mutation { ${fields.join(' ')} }`);
      };
      expect(mutation(1)).toBeGreaterThanOrEqual(5_000);
      expect(mutation(1)).toBeLessThan(LIMITS.costPerMinute / 50);
      expect(mutation(11)).toBeGreaterThan(LIMITS.cost);
    },
  );

  it('every count of a list has a price', () => {
    const counts = Object.values(hub.schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) && type.getFields()['totalCount'] ? [`${type.name}.totalCount`] : [],
    );
    expect(counts.length).toBeGreaterThan(5);
    for (const count of counts)
      expect([count, hub.prices.weights.get(count)]).toEqual([count, expect.any(Number)]);
  });

  it('every filter by distance has a price', () => {
    const filters = Object.values(hub.schema.getTypeMap()).flatMap((type) =>
      isInputObjectType(type) && type.getFields()['near'] ? [`${type.name}.near`] : [],
    );
    expect(filters).not.toEqual([]);
    for (const near of filters)
      expect([near, hub.prices.weights.get(near)]).toEqual([near, expect.any(Number)]);
  });

  it('fifty counts of one list in one operation are refused, one is not', () => {
    const one =
      'places(first: 1, filter: { near: { latitude: 51, longitude: 10, km: 20000 } }) { totalCount }';
    const fifty = Array.from({ length: 50 }, (_, n) => `p${n}: ${one}`).join(' ');
    expect(cost(hub, `{ ${fifty} }`)).toBeGreaterThan(LIMITS.cost);
    expect(cost(hub, `{ ${one} }`)).toBeLessThan(LIMITS.cost / 20);
  });

  it('a full page of facilities with all their beds and sources passes', () => {
    const page =
      'facilities(first: 500) { edges { node { beds { free provenance { source } } } } }';
    expect(cost(hub, `{ ${page} }`)).toBe(100 + 500 * (1 + 1 + 12 * 2));
  });

  it('a default page of requests for supplies with the proposals for their lines passes', () => {
    const page = '{ supplyRequests { nodes { lines { proposals { covers } } } } }';
    expect(cost(hub, page)).toBeLessThan(room);
    const largest = page.replace('proposals', 'proposals(first: 50)');
    expect(cost(hub, largest)).toBeGreaterThan(LIMITS.cost);
  });

  it('a thousand reports in one call pass, and cost by their number', () => {
    const text =
      'mutation ($input: ReportCapacitiesInput!) { reportCapacities(input: $input) { outcomes { __typename } } }';
    const report = {
      facility: 'f',
      category: 'ECMO',
      source: 's',
      observedAt: '2020-10-01T00:00:00Z',
    };
    const reports = Array.from({ length: 1000 }, () => report);
    const one = cost(hub, text, { input: { reports: [report] } });
    expect(cost(hub, text, { input: { reports } }) - one).toBe(999);
    expect(cost(hub, text, { input: { reports } })).toBeLessThan(room);
  });
});

function composed(typeDefs: string): SupergraphState {
  const { supergraphSdl, errors } = composeServices([
    { name: 'shop', typeDefs: parse(typeDefs), url: 'http://127.0.0.1:9' },
  ]);
  if (!supergraphSdl) throw new AggregateError(errors ?? [], 'the test subgraph does not compose');
  return supergraphState(supergraphSdl);
}
