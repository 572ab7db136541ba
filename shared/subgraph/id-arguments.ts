import {
  defaultFieldResolver,
  getNamedType,
  isInputObjectType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';

type Resolve = GraphQLFieldResolver<unknown, unknown>;
/** Arguments of a field, or fields of an input type. */
type Inputs = readonly { readonly name: string; readonly type: GraphQLInputType }[];
type Values = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Hands every id that clients give to its resolver as it is kept, in the one place that all fields of a subgraph share: a UUID in
 * capitals is the same id (RFC 9562, section 4). What is no UUID stays as it is. Changes the schema it is given.
 */
export function readIdArguments(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (!takesId(field.args)) continue;
      const reading = (resolve: Resolve): Resolve => {
        return (parent, args: Values, context, info) =>
          resolve(parent, read(field.args, args), context, info);
      };
      field.resolve = reading(field.resolve ?? defaultFieldResolver);
      if (field.subscribe) field.subscribe = reading(field.subscribe);
    }
  }
}

/** An id as it is kept. */
export function idAsKept(text: string): string {
  return UUID.test(text) ? text.toLowerCase() : text;
}

/** Returns whether an id is among the inputs, at any depth. */
function takesId(inputs: Inputs, seen = new Set<string>()): boolean {
  return inputs.some(({ type }) => {
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return named.name === 'ID';
    if (seen.has(named.name)) return false;
    return takesId(Object.values(named.getFields()), seen.add(named.name));
  });
}

function read(inputs: Inputs, values: Values): Record<string, unknown> {
  const kept = { ...values };
  for (const { name, type } of inputs) {
    if (kept[name] != null) kept[name] = readValue(type, kept[name]);
  }
  return kept;
}

function readValue(type: GraphQLInputType, value: unknown): unknown {
  if (value == null) return value;
  if (Array.isArray(value)) return value.map((entry) => readValue(type, entry));
  const named = getNamedType(type);
  if (isInputObjectType(named)) return read(Object.values(named.getFields()), value as Values);
  return named.name === 'ID' ? idAsKept(value as string) : value;
}
