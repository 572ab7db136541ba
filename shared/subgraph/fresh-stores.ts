import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { asWork, currentWork } from '../database/index.js';

/** Where a context keeps how it is made. A property, because Apollo Server gives the resolvers a copy. */
const MAKE = Symbol('how this context is made');

/**
 * A context whose stores can be replaced. Stores remember what they have read; the second mutation of a request would show
 * what was true before it.
 */
export function renewable<Context extends object>(make: () => Context): Context {
  return Object.assign(make(), { [MAKE]: make });
}

/** Gives a context that is renewable new stores. */
function renew(context: object): void {
  const { [MAKE]: make } = context as { [MAKE]?: () => object };
  if (make) Object.assign(context, make());
}

type Resolve = (parent: unknown, args: unknown, context: object, info: unknown) => unknown;

/**
 * Returns the resolvers with mutations that run to their end, also when nobody waits any more, and leave the request with new
 * stores, whatever their outcome.
 */
export function freshAfterChange<Resolvers extends object>(concept: Resolvers): Resolvers {
  const { Mutation: mutations } = concept as { Mutation?: Record<string, Resolve> };
  if (!mutations) return concept;
  const fresh = Object.entries(mutations).map(([name, resolve]): [string, Resolve] => [
    name,
    async (parent, args, context, info) => {
      currentWork().request?.changes();
      try {
        return await asWork({ kind: 'change' }, () => resolve(parent, args, context, info));
      } finally {
        renew(context);
      }
    },
  ]);
  return { ...concept, Mutation: Object.fromEntries(fresh) };
}

/** Treats several operations in one HTTP request as requests of their own: none sees what another has read, nor gets its cursor. */
export function freshInBatch<Context extends BaseContext>(): ApolloServerPlugin<Context> {
  return {
    requestDidStart: ({ contextValue, requestIsBatched }) => {
      if (requestIsBatched) renew(contextValue);
      return Promise.resolve();
    },
  };
}
