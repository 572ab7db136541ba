import {
  defaultFieldResolver,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { converted, inputPaths, type InputPath, type Values } from '../inputs/index.js';
import {
  isFacilityReference,
  withReferencedFacilities,
  type FacilityReferences,
} from './facility-references.js';

type Resolve = GraphQLFieldResolver<unknown, unknown>;

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
      const ids = inputPaths(field.args, (_, scalar) => scalar === 'ID');
      if (ids.length === 0) continue;
      const { resolve = defaultFieldResolver, subscribe } = field;
      // The arguments of a subscription are read again for every event.
      const isSubscription = type === schema.getSubscriptionType();
      field.resolve = isSubscription ? reading(ids, resolve) : readingReferences(ids, resolve);
      if (subscribe) field.subscribe = readingReferences(ids, subscribe);
    }
  }
}

function reading(ids: readonly InputPath[], resolve: Resolve): Resolve {
  return (parent, args: Values, context, info) =>
    resolve(parent, converted(ids, args, idAsKept), context, info);
}

function readingReferences(ids: readonly InputPath[], resolve: Resolve): Resolve {
  return (parent, args: Values, context, info) => {
    const references = new Set<string>();
    const kept = converted(ids, args, (id) => {
      if (isFacilityReference(id)) references.add(id);
      return idAsKept(id);
    });
    if (references.size === 0) return resolve(parent, kept, context, info);
    const { facilityReferences } = context as { facilityReferences?: FacilityReferences };
    if (!facilityReferences) return resolve(parent, kept, context, info);
    return withReferencedFacilities([...references], facilityReferences, info, (idOf) =>
      resolve(parent, converted(ids, kept, idOf), context, info),
    );
  };
}

/** An id as it is kept. */
export function idAsKept(text: string): string {
  return UUID.test(text) ? text.toLowerCase() : text;
}
