import { isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

const known = new WeakMap<GraphQLSchema, ReadonlySet<string>>();

/**
 * Whether a client's alias may be confused with a field that the planner fetches for itself. The planner does not check: it
 * fetches a key over an alias of the same name, and sends an alias with the name of a required field as if it were that field.
 * A caller who gave an open field the name of a denied one would read the denied one, or forge the input of another subgraph.
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
