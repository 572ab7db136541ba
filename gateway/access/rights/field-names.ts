import { isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

const known = new WeakMap<GraphQLSchema, ReadonlySet<string>>();

/**
 * Whether a client's alias may be taken for a field the planner fetches for itself. It does not look: a key is fetched
 * over an alias of its name, and an alias of the name of a required field is sent on as if it were that field. So whoever
 * called an open field like a denied one would read that, or choose what another subgraph reckons with.
 */
export function isMistakable(schema: GraphQLSchema, alias: string): boolean {
  if (alias.startsWith('__') || /__alias_\d+$/.test(alias)) return true;
  let names = known.get(schema);
  if (!names) known.set(schema, (names = fieldNames(schema)));
  return names.has(alias);
}

function fieldNames(schema: GraphQLSchema): Set<string> {
  const types = Object.values(schema.getTypeMap());
  return new Set(
    types.flatMap((type) =>
      isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [],
    ),
  );
}
