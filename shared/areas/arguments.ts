import {
  defaultFieldResolver,
  getNamedType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { callersFault } from '../errors/index.js';
import { converted, inputPaths, type Values } from '../inputs/index.js';
import { areaFault, areaToday, hasAreaForm } from './areas.js';

type Resolve = GraphQLFieldResolver<unknown, unknown>;

/** Arguments and input fields of these names take an area, as text. */
const NAMES_AN_AREA = /^(area|\w+Area)$/;
/** A field whose outcome, or that of each entry of its bulk, includes this refusal answers an area that does not exist with it. */
const REFUSAL = 'UnknownArea';

/**
 * Checks the areas that clients name, once for all fields of a subgraph: an argument or input field named
 * `area` or `...Area` reaches its resolver as an area that exists today. The key of a former Kreis becomes its successor's;
 * anything else that is no area is BAD_USER_INPUT. Changes the schema it is given.
 */
export function checkAreaArguments(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const areas = inputPaths(
        field.args,
        (name, scalar) => scalar === 'String' && NAMES_AN_AREA.test(name),
      );
      if (areas.length === 0) continue;
      const read = refusesUnknownAreas(field) ? readRefusableArea : readArea;
      const checked = (resolve: Resolve): Resolve => {
        return (parent, args: Values, context, info) =>
          resolve(parent, converted(areas, args, read), context, info);
      };
      field.resolve = checked(field.resolve ?? defaultFieldResolver);
      if (field.subscribe) field.subscribe = checked(field.subscribe);
    }
  }
}

/** Throws BAD_USER_INPUT for what is no area. */
function readArea(text: string, name: string): string {
  const area = areaToday(text);
  if (area === undefined) throw callersFault('BAD_USER_INPUT', areaFault(name, text));
  return area;
}

/** Leaves an area that has the right form and does not exist to the resolver, which refuses it. */
function readRefusableArea(text: string, name: string): string {
  return areaToday(text) === undefined && hasAreaForm(text) ? text : readArea(text, name);
}

function refusesUnknownAreas({ type }: GraphQLField<unknown, unknown>): boolean {
  const outcome = getNamedType(type);
  if (!isUnionType(outcome)) return false;
  return outcome
    .getTypes()
    .some((member) => member.name === REFUSAL || hasUnknownArea(member.getFields()['outcomes']));
}

function hasUnknownArea(outcomes: GraphQLField<unknown, unknown> | undefined): boolean {
  const outcome = outcomes && getNamedType(outcomes.type);
  return isUnionType(outcome) && outcome.getTypes().some(({ name }) => name === REFUSAL);
}
