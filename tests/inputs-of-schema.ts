import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isLeafType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';
import { typeDefsOf } from '../shared/subgraph/type-defs.js';

const SCALARS: Record<string, unknown> = {
  Boolean: true,
  DateTime: '2026-01-15T10:00:00.000Z',
  Float: 1,
  ID: '00000000-0000-4000-8000-000000000000',
  Int: 1,
  String: 'a text',
};

interface WithNameAndType {
  name: string;
  type: GraphQLInputType;
}
type IsMeant = (name: string, type: string) => boolean;

/** One input of a root field of a subgraph. */
export interface InputCase {
  kind: 'query' | 'mutation' | 'subscription';
  field: GraphQLField<unknown, unknown>;
  /** Where the input stands, as `input.area`. */
  path: string;
}

/** Every input of a subgraph's root fields, at any depth, whose name and type are meant, each with a title. */
export function inputsOf(subgraph: string, isMeant: IsMeant): [string, InputCase][] {
  const schema = buildSubgraphSchema(typeDefsOf(subgraph));
  return (['query', 'mutation', 'subscription'] as const).flatMap((kind) => {
    const root = schema.getType(kind[0]!.toUpperCase() + kind.slice(1));
    const fields = isObjectType(root) ? Object.values(root.getFields()) : [];
    return fields.flatMap((field) =>
      pathsTo(field.args, isMeant).map((path): [string, InputCase] => [
        `${kind} ${field.name}(${path})`,
        { kind, field, path },
      ]),
    );
  });
}

/** The operation of a case, and its variables: whatever is required, and the value at the end of the path. */
export function operationOf({ kind, field, path }: InputCase, value: unknown, selection: string) {
  const values = valuesFor(field.args, path.split('.'), value);
  const used = field.args.filter(({ name }) => name in values);
  const variables = used.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const args = used.map(({ name }) => `${name}: $${name}`).join(', ');
  const selected = isLeafType(getNamedType(field.type)) ? '' : ` { ${selection} }`;
  return { query: `${kind} (${variables}) { ${field.name}(${args})${selected} }`, values };
}

function pathsTo(inputs: readonly WithNameAndType[], isMeant: IsMeant): string[] {
  return inputs.flatMap(({ name, type }) => {
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return isMeant(name, named.name) ? [name] : [];
    return pathsTo(Object.values(named.getFields()), isMeant).map((path) => `${name}.${path}`);
  });
}

function valuesFor(
  inputs: readonly WithNameAndType[],
  path: string[],
  value: unknown,
): Record<string, unknown> {
  const given = inputs.filter(({ name, type }) => isNonNullType(type) || name === path[0]);
  return Object.fromEntries(
    given.map(({ name, type }) => [
      name,
      valueOf(type, name === path[0] ? path.slice(1) : [], value, name === path[0]),
    ]),
  );
}

function valueOf(
  type: GraphQLInputType,
  path: string[],
  value: unknown,
  isOnPath: boolean,
): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType, path, value, isOnPath);
  if (isListType(type)) return [valueOf(type.ofType, path, value, isOnPath)];
  if (isInputObjectType(type)) return valuesFor(Object.values(type.getFields()), path, value);
  if (isOnPath) return value;
  return isEnumType(type) ? type.getValues()[0]!.value : SCALARS[type.name];
}
