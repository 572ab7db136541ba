import { Kind, parse, type ConstDirectiveNode, type DefinitionNode } from 'graphql';

const RIGHTS = /^https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes|policy)\//;
const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

/** Every root field of the schema that clients see. */
export function rootFieldsOf(apiSdl: string): string[] {
  return typesIn(parse(apiSdl).definitions).flatMap(({ type, fields }) =>
    ROOTS.has(type) ? fields.map(({ name }) => `${type}.${name}`) : [],
  );
}

/** Every type and field of a supergraph with a directive of rights on it, whatever the directive is called there. */
export function deniableFieldsOf(supergraphSdl: string): string[] {
  const { definitions } = parse(supergraphSdl);
  const names = directivesOf(definitions).flatMap(rightsDirective);
  const isDenied = (directives: readonly ConstDirectiveNode[]) =>
    directives.some(({ name }) => names.includes(name.value));
  return typesIn(definitions).flatMap(({ type, directives, fields }) => [
    ...(isDenied(directives) ? [type] : []),
    ...fields.flatMap((field) => (isDenied(field.directives) ? [`${type}.${field.name}`] : [])),
  ]);
}

function directivesOf(definitions: readonly DefinitionNode[]): ConstDirectiveNode[] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION ? [...(definition.directives ?? [])] : [],
  );
}

/** The name under which a link makes a directive of rights known. */
function rightsDirective({ arguments: given = [] }: ConstDirectiveNode): string[] {
  const valueOf = (name: string) => given.find((argument) => argument.name.value === name)?.value;
  const url = valueOf('url');
  const name = url?.kind === Kind.STRING ? RIGHTS.exec(url.value)?.[1] : undefined;
  if (name === undefined) return [];
  const imports = valueOf('import');
  const renamed = imports?.kind === Kind.LIST ? imports.values : [];
  const names = renamed.flatMap((entry) =>
    entry.kind === Kind.OBJECT
      ? entry.fields.flatMap(({ name: key, value }) =>
          key.value === 'as' && value.kind === Kind.STRING ? [value.value.slice(1)] : [],
        )
      : [],
  );
  return names.length > 0 ? names : [name];
}

interface TypeWithFields {
  type: string;
  directives: readonly ConstDirectiveNode[];
  fields: { name: string; directives: readonly ConstDirectiveNode[] }[];
}

function typesIn(definitions: readonly DefinitionNode[]): TypeWithFields[] {
  return definitions.flatMap((definition): TypeWithFields[] => {
    if (!('name' in definition) || !definition.name || !('directives' in definition)) return [];
    const fields =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
      definition.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? (definition.fields ?? [])
        : [];
    return [
      {
        type: definition.name.value,
        directives: (definition.directives ?? []) as readonly ConstDirectiveNode[],
        fields: fields.map(({ name, directives = [] }) => ({ name: name.value, directives })),
      },
    ];
  });
}
