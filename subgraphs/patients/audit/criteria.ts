import {
  Kind,
  valueFromASTUntyped,
  type FieldNode,
  type GraphQLResolveInfo,
  type SelectionSetNode,
} from 'graphql';

/** Fields of connections, which are left out of paths. */
const OF_CONNECTIONS = new Set(['edges', 'node', 'nodes']);
/** The root field that resolves entities for the gateway; their ids are its criteria. */
const ENTITIES = '_entities';

type OperationInfo = Pick<
  GraphQLResolveInfo,
  'operation' | 'fragments' | 'variableValues' | 'schema'
>;

/**
 * Returns the path of fields to an object, without aliases, and their arguments. It leaves out arguments that may contain words
 * about a person: the input of mutations, and the arguments of audited fields, which have an entry of their own.
 */
export function criteriaOf(
  { operation, fragments, variableValues, schema }: OperationInfo,
  responseNames: readonly string[],
): { field: string; criteria: object | null } {
  const names: string[] = [];
  const criteria: Record<string, unknown> = {};
  let within: readonly SelectionSetNode[] = [operation.selectionSet];
  for (const [depth, responseName] of responseNames.entries()) {
    const fields = within.flatMap((set) => fieldsOf(set, responseName, fragments));
    const field = fields[0];
    if (!field) break;
    within = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
    const name = field.name.value;
    if (OF_CONNECTIONS.has(name)) continue;
    if (name !== ENTITIES) names.push(name);
    const given = (field.arguments ?? []).map(
      (argument) =>
        [argument.name.value, valueFromASTUntyped(argument.value, variableValues)] as const,
    );
    const isKept =
      depth > 0 ||
      (operation.operation === 'query' &&
        !isAudited(schema.getQueryType()?.getFields()[name]?.astNode?.directives));
    if (given.length > 0 && isKept) criteria[name] = Object.fromEntries(given);
  }
  return {
    field: names.join('.'),
    criteria: Object.keys(criteria).length > 0 ? criteria : null,
  };
}

function fieldsOf(
  { selections }: SelectionSetNode,
  responseName: string,
  fragments: OperationInfo['fragments'],
): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) {
      return (selection.alias ?? selection.name).value === responseName ? [selection] : [];
    }
    const set =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments[selection.name.value]?.selectionSet;
    return set ? fieldsOf(set, responseName, fragments) : [];
  });
}

function isAudited(directives: readonly { name: { value: string } }[] = []): boolean {
  return directives.some(({ name }) => name.value === 'audited');
}
