import { GraphQLError, parse } from 'graphql';
import { PushStream } from './push-stream.js';
import type { SubgraphDefinition } from './subgraph.js';

interface PriceEvent {
  fails?: boolean;
  at: string;
  oldPrice: number;
  newPrice: number;
  product: unknown;
  items: unknown[];
}

const typeDefs = parse(`
  extend schema
    @composeDirective(name: "@audited")
    @link(url: "https://specs.vierblatt.dev/audited/v1.0", import: ["@audited"])
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@key", "@inaccessible"])
  directive @audited on FIELD_DEFINITION
  type Query { products: [Product!]! product(upc: ID!): Product whoAmI: Caller }
  type Mutation { rename(upc: ID!, name: String!): Caller }
  type Subscription {
    priceChanged(upc: ID, min: Int = 0): PriceEvent
    ticks: Int!
    watched: Caller
    mediaAdded: Media
    refusing(code: String!): Int
    lastPrices(count: Int!): PriceEvent
  }
  type Caller { areas: [String!]! roles: [String!]! subject: String reader: String @audited }
  interface Media { title(upper: Boolean = false): String! }
  type Book implements Media @key(fields: "id") { id: ID! title(upper: Boolean = false): String! pages: Int! }
  type Film implements Media @key(fields: "id") { id: ID! title(upper: Boolean = false): String! minutes: Int! }
  union Item = Book | Film
  type Product @key(fields: "upc") {
    upc: ID! name(lang: String = "en"): String price: Int secret: String @inaccessible media: Media
  }
  type PriceEvent { at: String! oldPrice: Int newPrice: Int! product: Product! items: [Item!] }
`);

const film = { __typename: 'Film', id: 'f1', title: 'Jaws', minutes: 120 };
const book = { __typename: 'Book', id: 'b1', title: 'Emma', pages: 9 };
const products: Record<string, unknown> = {
  1: { __typename: 'Product', upc: '1', price: 5, secret: 's', media: film },
  2: { __typename: 'Product', upc: '2', price: 500, media: null },
};

const title = (media: { title: string }, { upper }: { upper: boolean }) =>
  upper ? media.title.toUpperCase() : media.title;
const typeOf = ({ __typename }: { __typename: string }) => __typename;
const callerOf = (
  _: unknown,
  __: unknown,
  { caller }: { caller: { claims: object; subject?: string } },
) => ({
  ...caller.claims,
  subject: caller.subject,
  reader: caller.subject,
});

/** Owns products and their prices. */
export function catalog() {
  const priceChanged = new PushStream<Partial<PriceEvent>>();
  const ticks = new PushStream<number>();
  const mediaAdded = new PushStream<unknown>();
  const definition: SubgraphDefinition = {
    name: 'catalog',
    typeDefs,
    resolvers: {
      Query: {
        products: () => Object.values(products),
        product: (_: unknown, { upc }: { upc: string }) => products[upc],
        whoAmI: callerOf,
      },
      Mutation: { rename: callerOf },
      Product: {
        __resolveReference: ({ upc }: { upc: string }) => products[upc],
        name: ({ upc }: { upc: string }, { lang }: { lang: string }) => `P${upc}-${lang}`,
      },
      Media: { __resolveType: typeOf },
      Item: { __resolveType: typeOf },
      Film: { title },
      Book: { title },
      Subscription: {
        priceChanged: {
          subscribe: () => priceChanged.listen(),
          resolve: (event: PriceEvent) => {
            if (!event.fails) return event;
            throw new GraphQLError('event failed', { extensions: { code: 'FORBIDDEN' } });
          },
        },
        ticks: {
          subscribe: () => ticks.listen(),
          resolve: (tick: number) => {
            if (tick >= 0) return tick;
            throw new Error('a negative tick');
          },
        },
        watched: { subscribe: () => ticks.listen(), resolve: callerOf },
        mediaAdded: { subscribe: () => mediaAdded.listen(), resolve: (media: unknown) => media },
        lastPrices: {
          async *subscribe(_: unknown, { count }: { count: number }) {
            for (let newPrice = 1; newPrice <= count; newPrice += 1) {
              yield { ...priceEvent('2'), newPrice };
              await Promise.resolve();
            }
          },
          resolve: (event: PriceEvent) => event,
        },
        refusing: {
          subscribe: (_: unknown, { code }: { code: string }) => {
            throw new GraphQLError(`refused with ${code}`, { extensions: { code } });
          },
        },
      },
    },
  };
  const priceEvent = (upc: string): Partial<PriceEvent> => ({
    at: 'now',
    oldPrice: 1,
    newPrice: 2,
    product: products[upc],
    items: [book, film],
  });
  return { definition, priceChanged, ticks, mediaAdded, priceEvent, film };
}
