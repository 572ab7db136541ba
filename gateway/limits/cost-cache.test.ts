import { getOperationAST, getVariableValues, parse } from 'graphql';
import { composed } from '../testing/hospital.js';
import { supergraphState } from '../supergraph/supergraph-state.js';
import { costOf } from './cost.js';
import { CostCache } from './cost-cache.js';
import { limitsWith } from './limits.js';

const LIMITS = limitsWith();
const typeDefs = parse(/* GraphQL */ `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
  type Query {
    items(first: Int = 20): [Item!] @listSize(slicingArguments: ["first"])
    named(text: String): Item
    search(by: Filter): Item
  }
  type Mutation {
    items(first: Int = 20): [Item!] @listSize(slicingArguments: ["first"])
  }
  type Item {
    id: ID!
    parts(first: Int = 3): [Item!] @listSize(slicingArguments: ["first"])
  }
  input Filter {
    a: [Filter!]
    b: Int @cost(weight: 5)
  }
`);
const state = supergraphState(composed([{ name: 'shop', typeDefs }]));
const document = parse(`
  query ($first: Int, $inner: Int, $with: Boolean!, $text: String, $by: Filter, $other: Int) {
    items(first: $first) { id parts(first: $inner) @include(if: $with) { id } }
    named(text: $text) { id }
    search(by: $by) { id parts(first: 2) @skip(if: $with) { id } }
    again: search(by: { a: [{ b: $other }] }) { id }
  }
`);
const operation = getOperationAST(document)!;

function coerced(variables: Record<string, unknown>) {
  return getVariableValues(state.schema, operation.variableDefinitions!, variables).coerced!;
}
const counted = (variables: Record<string, unknown>) =>
  costOf(state, document, operation, coerced(variables), LIMITS);

const VALUES: Record<string, unknown[]> = {
  first: [undefined, null, 1, 7],
  inner: [undefined, null, 5],
  with: [true, false],
  text: [undefined, 'x', 'y'],
  by: [undefined, null, { b: 1 }, { a: [{ b: 1 }, {}] }],
  other: [undefined, 2],
};

/** Every combination; a variable that is undefined is left out. */
function* combinations(names = Object.keys(VALUES)): Generator<Record<string, unknown>> {
  const [name, ...others] = names;
  if (name === undefined) return yield {};
  for (const rest of combinations(others)) {
    for (const value of VALUES[name]!) {
      yield value === undefined ? rest : { ...rest, [name]: value };
    }
  }
}

describe('known costs', () => {
  const all = [...combinations()];

  it.each([
    ['in their order', all],
    ['backwards', all.toReversed()],
    ['the second time too', [...all.slice(0, 40), ...all.slice(0, 40)]],
  ])('are what counting gives, %s', (_, requests) => {
    const known = new CostCache(LIMITS);
    for (const variables of requests) {
      const cost = known.of(state, document, operation, coerced(variables));
      expect([variables, cost]).toEqual([variables, counted(variables)]);
    }
    expect(new Set(requests.map(counted)).size).toBeGreaterThan(5);
  });

  /** Counts how often prices are looked up. */
  class Weights extends Map<string, number> {
    lookups = 0;
    override get(key: string) {
      this.lookups += 1;
      return super.get(key);
    }
  }
  function counting() {
    const known = new CostCache(LIMITS);
    const weights = new Weights(state.prices.weights);
    const priceable = { schema: state.schema, prices: { ...state.prices, weights } };
    return (variables: Record<string, unknown>, source = document) => {
      const before = weights.lookups;
      const requests = getOperationAST(source)!;
      const { coerced: values } = getVariableValues(
        state.schema,
        requests.variableDefinitions!,
        variables,
      );
      known.of(priceable, source, requests, values!);
      return weights.lookups > before;
    };
  }

  it('are not counted again for what they do not depend on', () => {
    const isCounted = counting();
    const requests = [
      { first: 2, text: 'a' },
      { first: 2, text: 'b' },
      { first: 3, text: 'b' },
      { first: 2 },
    ];
    expect(requests.map((variables) => isCounted({ with: true, ...variables }))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('are computed again for long values and for mutations, which are not cached', () => {
    const long = parse('query ($by: Filter) { search(by: $by) { id } }');
    const change = parse('mutation ($first: Int) { items(first: $first) { id } }');
    const isCounted = counting();
    const long40 = { by: { a: Array.from({ length: 40 }, (_, b) => ({ b })) } };
    expect([0, 1].map(() => isCounted(long40, long))).toEqual([true, true]);
    expect([0, 1].map(() => isCounted({ by: { b: 1 } }, long))).toEqual([true, false]);
    expect([0, 1].map(() => isCounted({ first: 1 }, change))).toEqual([true, true]);
  });

  it('belong to the prices they were counted by', () => {
    const known = new CostCache(LIMITS);
    const of = (prices: typeof state.prices) =>
      known.of({ schema: state.schema, prices }, document, operation, coerced({ with: true }));
    const dearer = { ...state.prices, weights: new Map([['Item', 100]]) };
    expect(of(dearer)).toBeGreaterThan(of(state.prices));
  });

  it('are refused every time a page is too large', () => {
    const known = new CostCache(LIMITS);
    const request = () =>
      known.of(state, document, operation, coerced({ with: true, first: 100_000 }));
    expect(request).toThrow(/at most/);
    expect(request).toThrow(/at most/);
  });
});
