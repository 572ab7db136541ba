import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchema } from 'graphql';
import type { AddedReviews } from './added-reviews.js';
import { isInStock, PRODUCTS, REVIEWS, USERS, type Review } from './data.js';
import { typeDefs, type CannedName } from './type-defs.js';

type Resolvers = NonNullable<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { typeDefs: unknown }>['resolvers']
>;

const itself = (reference: unknown) => reference;
const user = (_: unknown, { id }: { id: string }) => USERS.find((one) => one.id === id);
const product = (_: unknown, { upc }: { upc: string }) => PRODUCTS.find((one) => one.upc === upc);

interface Parcel {
  upc: string;
  price: number;
  weight: number;
}

const RESOLVERS: Record<CannedName, Resolvers> = {
  accounts: {
    Query: { me: () => USERS[0], users: () => USERS.slice(0, 6), user },
    User: { __resolveReference: (reference: { id: string }) => user(undefined, reference) },
  },
  products: {
    Query: {
      topProducts: (_: unknown, { first }: { first: number }) => PRODUCTS.slice(0, first),
      product,
    },
    Product: { __resolveReference: (reference: { upc: string }) => product(undefined, reference) },
  },
  inventory: {
    Product: {
      __resolveReference: itself,
      inStock: ({ upc }: Parcel) => isInStock(upc),
      shippingEstimate: ({ price, weight }: Parcel) => (price > 1000 ? 0 : Math.round(weight / 2)),
    },
  },
  reviews: {
    Query: {
      latestReviews: (_: unknown, { first }: { first: number }) => REVIEWS.slice(0, first),
    },
    Review: {
      __resolveReference: ({ id }: Review) => REVIEWS.find((review) => review.id === id),
      author: ({ authorID }: Review) => ({ __typename: 'User', id: authorID }),
      product: ({ productUpc }: Review) => ({ __typename: 'Product', upc: productUpc }),
    },
    User: {
      __resolveReference: itself,
      reviews: ({ id }: { id: string }) => REVIEWS.filter(({ authorID }) => authorID === id),
    },
    Product: {
      __resolveReference: itself,
      reviews: ({ upc }: Parcel) => REVIEWS.filter(({ productUpc }) => productUpc === upc),
    },
  },
};

/** Returns the schema as the peers see it, also for ours: the gateway checks the rights. */
export function subgraphSchema(name: CannedName, added: AddedReviews): GraphQLSchema {
  const subscription = { reviewAdded: { subscribe: () => added.listen(), resolve: itself } };
  const ownResolvers = RESOLVERS[name];
  return buildSubgraphSchema({
    typeDefs: typeDefs(name, { withRights: false }),
    resolvers: name === 'reviews' ? { ...ownResolvers, Subscription: subscription } : ownResolvers,
  });
}
