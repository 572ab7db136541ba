import { parse } from 'graphql';
import type { SubgraphDefinition } from './subgraph.js';

const drugs = [
  { id: 'd1', name: 'Alpha', price: 10, weight: 2, maker: { average: 7 } },
  { id: 'd2', name: 'Beta', price: 30, weight: 5, maker: { average: 20 } },
];
const FACTOR: Record<string, number> = { EUR: 1, USD: 2, GBP: 3 };

const prices: SubgraphDefinition = {
  name: 'prices',
  typeDefs: parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
    type Query { drugs: [Drug!]! }
    type Subscription { drugChanged: Drug }
    type Drug @key(fields: "id") {
      id: ID! name: String price(in: String = "EUR"): Int weight: Int maker: Maker
    }
    type Maker { average(in: String!): Int }
  `),
  resolvers: {
    Query: { drugs: () => drugs },
    Subscription: {
      drugChanged: {
        async *subscribe() {
          yield await Promise.resolve(drugs[0]);
        },
        resolve: (drug: unknown) => drug,
      },
    },
    Drug: {
      __resolveReference: ({ id }: { id: string }) => drugs.find((drug) => drug.id === id),
      price: ({ price }: { price: number }, args: { in: string }) => price * FACTOR[args.in]!,
    },
    Maker: {
      average: ({ average }: { average: number }, args: { in: string }) =>
        average * FACTOR[args.in]!,
    },
  },
};

const freightFields = {
  freight: ({ price, weight }: { price: number; weight: number }) => price * weight,
  isDear: ({ maker }: { maker: { average: number } }) => maker.average > 10,
};

/** Reckons with prices in US dollars and averages in pounds, which it asks of another subgraph. */
const freight: SubgraphDefinition = {
  name: 'freight',
  typeDefs: parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
    type Drug @key(fields: "id") {
      id: ID!
      weight: Int @external
      price(in: String = "EUR"): Int @external
      maker: Maker @external
      freight: Int @requires(fields: "price(in: \\"USD\\") weight")
      isDear: Boolean @requires(fields: "maker { average(in: \\"GBP\\") }")
    }
    type Maker @external { average(in: String!): Int }
  `),
  resolvers: { Drug: freightFields },
};

/** Requires the same price as `freight`, in another currency. */
const duties: SubgraphDefinition = {
  name: 'duties',
  typeDefs: parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
    type Drug @key(fields: "id") {
      id: ID!
      price(in: String = "EUR"): Int @external
      duty: Int @requires(fields: "price(in: \\"GBP\\")")
    }
  `),
  resolvers: {},
};

export const pharmacy = { prices, freight, duties };
