import { GraphQLError, GraphQLScalarType, parse } from 'graphql';
import type { SubgraphDefinition } from './subgraph.js';

const typeDefs = parse(`
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
  scalar Even
  type Query { me(even: Even): User }
  type Product @key(fields: "upc") {
    upc: ID!
    price: Int @external
    reviews(first: Int = 2): [Review!]!
    rating: Float
    cheap: Boolean @requires(fields: "price")
    forbidden: String
    broken: String
    slow: String
    delayed: String
    brokenStrict: String!
  }
  type Review @key(fields: "id") { id: ID! body: String author: User! }
  type User @key(fields: "id") { id: ID! name: String! favourite: Product }
  type Book @key(fields: "id") { id: ID! blurb: String }
  type Film @key(fields: "id") { id: ID! blurb: String stars: [User!]! }
`);

interface KeyedObject {
  id: string;
}

const even = new GraphQLScalarType({
  name: 'Even',
  parseValue: (value) => {
    if (Number(value) % 2 === 0) return value;
    throw new GraphQLError(`${String(value)} is odd`, { extensions: { code: 'BAD_USER_INPUT' } });
  },
});

const itself = (reference: unknown) => reference;
const blurb = ({ id }: KeyedObject) => `blurb ${id}`;

/** Adds opinions to the products of the catalog. */
export function social() {
  const failures: (string | GraphQLError)[] = [];
  const definition: SubgraphDefinition = {
    name: 'social',
    typeDefs,
    resolvers: {
      Even: even,
      Query: { me: () => ({ id: '1' }) },
      Product: {
        __resolveReference: itself,
        reviews: (_: unknown, { first }: { first: number }) =>
          [
            { id: 'r1', body: 'ok', author: { id: '1' } },
            { id: 'r2', body: 'meh', author: { id: '2' } },
          ].slice(0, first),
        rating: () => {
          const failure = failures.shift();
          if (failure instanceof GraphQLError) throw failure;
          if (failure === undefined) return 4.5;
          throw new GraphQLError('not rated', { extensions: { code: failure } });
        },
        cheap: ({ price }: { price: number }) => price < 100,
        forbidden: () => {
          throw new GraphQLError('not for you', { extensions: { code: 'FORBIDDEN' } });
        },
        broken: () => {
          throw new Error('the secret of 10.0.0.7');
        },
        delayed: async ({ upc }: { upc: string }) => {
          const rounds = upc === '1' ? 1 : 50;
          for (let round = 0; round < rounds; round += 1) await new Promise(setImmediate);
          return upc;
        },
        slow: () => new Promise(() => {}),
        brokenStrict: ({ upc }: { upc: string }) => {
          if (upc === '1') throw new Error('the secret of 10.0.0.7');
          return 'fine';
        },
      },
      User: {
        __resolveReference: itself,
        name: ({ id }: KeyedObject) => `U${id}`,
        favourite: ({ id }: KeyedObject) => ({ upc: id }),
      },
      Book: { __resolveReference: itself, blurb },
      Film: { __resolveReference: itself, blurb, stars: () => [{ id: '7' }] },
    },
  };
  return {
    definition,
    /** Codes or errors with which the next ratings fail, one each. */
    failures,
  };
}
