import {
  getNamedType,
  isInputObjectType,
  isNonNullType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';

/** Arguments of a field, or fields of an input type. */
export type Inputs = readonly { readonly name: string; readonly type: GraphQLInputType }[];
export type Values = Readonly<Record<string, unknown>>;

/** An argument or input field that is meant, or by which one that is meant is reached. */
export interface InputPath {
  readonly name: string;
  /** The name of its type, without lists. */
  readonly type: string;
  readonly isRequired: boolean;
  /** The fields that lead further; null where this one is meant itself. */
  readonly fields: readonly InputPath[] | null;
}

/**
 * Returns the ways to the inputs that are meant, at any depth, in the order of the schema: by their name and the name of their type,
 * lists included. To be called once for a field, not for each of its calls.
 */
export function inputPaths(
  inputs: Inputs,
  isMeant: (name: string, type: string) => boolean,
): readonly InputPath[] {
  const known = new Map<GraphQLInputObjectType, InputPath[]>();
  const pathsOf = (of: Inputs): InputPath[] =>
    of.flatMap(({ name, type }): InputPath[] => {
      const named = getNamedType(type);
      const path = { name, type: named.name, isRequired: isNonNullType(type) };
      if (!isInputObjectType(named)) {
        return isMeant(name, named.name) ? [{ ...path, fields: null }] : [];
      }
      let fields = known.get(named);
      if (!fields) {
        // Known before its fields are, so that a type within itself ends.
        known.set(named, (fields = []));
        fields.push(...pathsOf(Object.values(named.getFields())));
      }
      return leadsOn(named, isMeant) ? [{ ...path, fields }] : [];
    });
  return pathsOf(inputs);
}

/** Returns whether an input that is meant is among the fields of a type, at any depth. */
function leadsOn(
  type: GraphQLInputObjectType,
  isMeant: (name: string, type: string) => boolean,
  seen = new Set<GraphQLInputObjectType>(),
): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  return Object.values(type.getFields()).some((field) => {
    const named = getNamedType(field.type);
    return isInputObjectType(named)
      ? leadsOn(named, isMeant, seen)
      : isMeant(field.name, named.name);
  });
}

/** Returns the values with those converted to which the paths lead; the same object where none changes. */
export function converted<Given extends Values>(
  paths: readonly InputPath[],
  values: Given,
  convert: (value: string, name: string) => string,
): Given {
  let changed: Record<string, unknown> | undefined;
  for (const path of paths) {
    const value = values[path.name];
    if (value == null) continue;
    const after = convertedValue(path, value, convert);
    if (after !== value) (changed ??= { ...values })[path.name] = after;
  }
  return (changed as Given | undefined) ?? values;
}

function convertedValue(
  path: InputPath,
  value: unknown,
  convert: (value: string, name: string) => string,
): unknown {
  if (value == null) return value;
  if (Array.isArray(value)) {
    const entries = value.map((entry) => convertedValue(path, entry, convert));
    return entries.some((entry, index) => entry !== value[index]) ? entries : value;
  }
  if (path.fields) return converted(path.fields, value as Values, convert);
  return convert(value as string, path.name);
}
