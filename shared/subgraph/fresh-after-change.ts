/** How a request's context gets new stores. */
const renewals = new WeakMap<object, () => void>();

/**
 * A context whose stores are replaced after every mutation field. Stores remember what they have read; the second mutation
 * of a request would show what was true before it.
 */
export function renewable<Context extends object>(make: () => Context): Context {
  const context = make();
  renewals.set(context, () => Object.assign(context, make()));
  return context;
}

type Resolve = (parent: unknown, args: unknown, context: object, info: unknown) => unknown;

/** The same resolvers, of which each mutation leaves the request with new stores, whatever came of it. */
export function freshAfterChange<Resolvers extends object>(concept: Resolvers): Resolvers {
  const { Mutation: mutations } = concept as { Mutation?: Record<string, Resolve> };
  if (!mutations) return concept;
  const fresh = Object.entries(mutations).map(([name, resolve]): [string, Resolve] => [
    name,
    async (parent, args, context, info) => {
      try {
        return await resolve(parent, args, context, info);
      } finally {
        renewals.get(context)?.();
      }
    },
  ]);
  return { ...concept, Mutation: Object.fromEntries(fresh) };
}
