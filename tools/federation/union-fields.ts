import { print } from 'graphql';
import { namedType, type Subgraph, type SubgraphType } from './subgraph-types.js';

/** By union or interface: the field names that still have several types. An entry goes with its last deviation; none is added. */
export type UnionFieldExceptions = Readonly<Record<string, readonly string[]>>;

/**
 * A document that selects one field in several members of a union is invalid where the field has several types. Returns one line
 * per field name that has more than one type, nullability and list shape included, and one per exception that is not needed.
 */
export function unionFieldsHaveOneType(
  schemas: readonly Subgraph[],
  exceptions: UnionFieldExceptions,
): string[] {
  const deviations = schemas.flatMap(deviationsOf);
  const excepted = Object.entries(exceptions).flatMap(([union, fields]) =>
    fields.map((field) => `${union}.${field}`),
  );
  return [
    ...deviations.filter(({ key }) => !excepted.includes(key)).map(({ problem }) => problem),
    ...excepted
      .filter((key) => !deviations.some((deviation) => deviation.key === key))
      .map(
        (key) =>
          `${key} has one type in all members: remove it from tools/federation/union-fields.json.`,
      ),
  ];
}

/**
 * A field named after an entity returns that entity, so a field that returns an id says so: it is `id`, or ends in `Id` or `Ids`.
 * Returns one line per field that does not, and one per exception that is not needed.
 */
export function idFieldsAreNamedSo(schema: Subgraph, exceptions: readonly string[]): string[] {
  const found = [...schema.types.values()].flatMap(({ name, fields }) =>
    fields
      .filter(({ type }) => namedType(type) === 'ID')
      .filter((field) => !/^ids?$|Ids?$/.test(field.name.value))
      .map((field) => `${name}.${field.name.value}`),
  );
  return [
    ...found
      .filter((key) => !exceptions.includes(key))
      .map(
        (key) => `${key} in ${schema.name} returns an id: return the entity, or name it \`...Id\`.`,
      ),
    ...exceptions
      .filter((key) => !found.includes(key))
      .map((key) => `${key} returns no id: remove it from tools/federation/id-fields.json.`),
  ];
}

interface Deviation {
  key: string;
  problem: string;
}

function deviationsOf({ name: schema, types }: Subgraph): Deviation[] {
  return [...types.values()].flatMap((type) =>
    [...fieldTypes(membersOf(type, types))].flatMap(([field, holders]) => {
      if (holders.size < 2) return [];
      const found = [...holders].map(([shape, names]) => `${shape} (${names.join(', ')})`);
      return {
        key: `${type.name}.${field}`,
        problem: `${type.kind} ${type.name} in ${schema}: its members have \`${field}\` as ${found.join(' and ')}. Give it one type; an id that may name nothing is \`${field}Id: ID!\`.`,
      };
    }),
  );
}

function membersOf(type: SubgraphType, types: Subgraph['types']): SubgraphType[] {
  if (type.kind === 'union')
    return type.members.map((member) => types.get(member)!).filter(Boolean);
  if (type.kind !== 'interface') return [];
  return [...types.values()].filter(
    ({ kind, interfaces }) => kind === 'object' && interfaces.includes(type.name),
  );
}

/** Returns the types of each field name, with the names of the members that have it so. */
function fieldTypes(members: SubgraphType[]): Map<string, Map<string, string[]>> {
  const found = new Map<string, Map<string, string[]>>();
  for (const member of members) {
    for (const field of member.fields) {
      const shapes = found.get(field.name.value) ?? new Map<string, string[]>();
      const shape = print(field.type);
      shapes.set(shape, [...(shapes.get(shape) ?? []), member.name]);
      found.set(field.name.value, shapes);
    }
  }
  return found;
}
