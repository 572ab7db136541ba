import {
  defaultFieldResolver,
  getNamedType,
  isInputObjectType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { callersFault } from '../errors/index.js';
import { areaFault, areaToday, hasAreaForm } from './areas.js';

type Resolve = GraphQLFieldResolver<unknown, unknown>;
/** Arguments of a field, or fields of an input type. */
type Inputs = readonly { readonly name: string; readonly type: GraphQLInputType }[];

/** Arguments and input fields of these names take an area, as text. */
const NAMES_AN_AREA = /^(area|\w+Area)$/;
/** A field whose outcome includes this refusal answers an area that does not exist with it. */
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
      if (!hasAreaInput(field.args)) continue;
      const read = refusesUnknownAreas(field) ? readRefusableArea : readArea;
      const checked = (resolve: Resolve): Resolve => {
        return (parent, args, context, info) =>
          resolve(
            parent,
            convert(field.args, args as Record<string, unknown>, read),
            context,
            info,
          );
      };
      field.resolve = checked(field.resolve ?? defaultFieldResolver);
      if (field.subscribe) field.subscribe = checked(field.subscribe);
    }
  }
}

/** Returns whether an area is among the inputs, at any depth. */
function hasAreaInput(inputs: Inputs, seen = new Set<string>()): boolean {
  return inputs.some(({ name, type }) => {
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return named.name === 'String' && NAMES_AN_AREA.test(name);
    if (seen.has(named.name)) return false;
    return hasAreaInput(Object.values(named.getFields()), seen.add(named.name));
  });
}

type ReadArea = (name: string, text: string) => string;

function convert(
  inputs: Inputs,
  values: Record<string, unknown>,
  read: ReadArea,
): Record<string, unknown> {
  const converted = { ...values };
  for (const { name, type } of inputs) {
    if (converted[name] != null) converted[name] = convertValue(name, type, converted[name], read);
  }
  return converted;
}

function convertValue(
  name: string,
  type: GraphQLInputType,
  value: unknown,
  read: ReadArea,
): unknown {
  if (value == null) return value;
  if (Array.isArray(value)) return value.map((entry) => convertValue(name, type, entry, read));
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    return convert(Object.values(named.getFields()), value as Record<string, unknown>, read);
  }
  return typeof value === 'string' && NAMES_AN_AREA.test(name) ? read(name, value) : value;
}

/** Throws BAD_USER_INPUT for what is no area. */
function readArea(name: string, text: string): string {
  const area = areaToday(text);
  if (area === undefined) throw callersFault('BAD_USER_INPUT', areaFault(name, text));
  return area;
}

/** Leaves an area that has the right form and does not exist to the resolver, which refuses it. */
function readRefusableArea(name: string, text: string): string {
  return areaToday(text) === undefined && hasAreaForm(text) ? text : readArea(name, text);
}

function refusesUnknownAreas({ type }: GraphQLField<unknown, unknown>): boolean {
  const outcome = getNamedType(type);
  return isUnionType(outcome) && outcome.getTypes().some(({ name }) => name === REFUSAL);
}
