import {
  defaultFieldResolver,
  getNamedType,
  isInputObjectType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import {
  isFacilityReference,
  withReferencedFacilities,
  type FacilityReferences,
} from './facility-references.js';

type Resolve = GraphQLFieldResolver<unknown, unknown>;
/** Arguments of a field, or fields of an input type. */
type Inputs = readonly { readonly name: string; readonly type: GraphQLInputType }[];
type Values = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Hands every id that clients give to its resolver as it is kept, once for all fields of a subgraph: a UUID in
 * capitals is the same id (RFC 9562, section 4), and a facility that is named by its site number or IK gets its id. Any other text
 * stays as it is. Changes the schema it is given.
 */
export function readIdArguments(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (!hasIdInput(field.args)) continue;
      const { args, resolve = defaultFieldResolver, subscribe } = field;
      // The arguments of a subscription are read again for every event.
      const isSubscription = type === schema.getSubscriptionType();
      field.resolve = isSubscription ? reading(args, resolve) : readingReferences(args, resolve);
      if (subscribe) field.subscribe = readingReferences(args, subscribe);
    }
  }
}

function reading(inputs: Inputs, resolve: Resolve): Resolve {
  return (parent, args: Values, context, info) =>
    resolve(parent, read(inputs, args, idAsKept), context, info);
}

function readingReferences(inputs: Inputs, resolve: Resolve): Resolve {
  return (parent, args: Values, context, info) => {
    const references = new Set<string>();
    const kept = read(inputs, args, (id) => {
      if (isFacilityReference(id)) references.add(id);
      return idAsKept(id);
    });
    if (references.size === 0) return resolve(parent, kept, context, info);
    const { facilityReferences } = context as { facilityReferences?: FacilityReferences };
    if (!facilityReferences) return resolve(parent, kept, context, info);
    return withReferencedFacilities([...references], facilityReferences, info, (idOf) =>
      resolve(parent, read(inputs, kept, idOf), context, info),
    );
  };
}

/** An id as it is kept. */
export function idAsKept(text: string): string {
  return UUID.test(text) ? text.toLowerCase() : text;
}

/** Returns whether an id is among the inputs, at any depth. */
function hasIdInput(inputs: Inputs, seen = new Set<string>()): boolean {
  return inputs.some(({ type }) => {
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return named.name === 'ID';
    if (seen.has(named.name)) return false;
    return hasIdInput(Object.values(named.getFields()), seen.add(named.name));
  });
}

function read(
  inputs: Inputs,
  values: Values,
  readId: (id: string) => string,
): Record<string, unknown> {
  const kept = { ...values };
  for (const { name, type } of inputs) {
    if (kept[name] != null) kept[name] = readValue(type, kept[name], readId);
  }
  return kept;
}

function readValue(
  type: GraphQLInputType,
  value: unknown,
  readId: (id: string) => string,
): unknown {
  if (value == null) return value;
  if (Array.isArray(value)) return value.map((entry) => readValue(type, entry, readId));
  const named = getNamedType(type);
  if (isInputObjectType(named))
    return read(Object.values(named.getFields()), value as Values, readId);
  return named.name === 'ID' ? readId(value as string) : value;
}
