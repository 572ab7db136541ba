import {
  Kind,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type EnumTypeExtensionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InputObjectTypeExtensionNode,
  type InterfaceTypeDefinitionNode,
  type InterfaceTypeExtensionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeNode,
  type UnionTypeDefinitionNode,
  type UnionTypeExtensionNode,
} from 'graphql';

/** One subgraph as the rules see it. */
export interface Subgraph {
  name: string;
  types: Map<string, SubgraphType>;
}

/** A type within one subgraph, its definition and extensions put together. */
export interface SubgraphType {
  name: string;
  kind: 'object' | 'interface' | 'union' | 'input' | 'enum';
  /** Whether it is written `type X` at least once, not only `extend type X`. */
  isDefined: boolean;
  directives: ConstDirectiveNode[];
  /** Of objects and interfaces; an input's fields stand in `inputFields`. */
  fields: FieldDefinitionNode[];
  inputFields: { name: string; type: TypeNode }[];
  values: string[];
  /** Of unions. */
  members: string[];
  /** The interfaces that an object or interface implements. */
  interfaces: string[];
}

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

export function subgraphOf(name: string, document: DocumentNode): Subgraph {
  const types = new Map<string, SubgraphType>();
  for (const node of document.definitions) {
    const kind = kindOf(node);
    if (!kind) continue;
    const part = node as TypePart;
    const type = types.get(part.name.value) ?? emptyType(part.name.value, kind);
    types.set(type.name, type);
    type.isDefined ||= !node.kind.endsWith('Extension');
    type.directives.push(...(part.directives ?? []));
    if ('values' in part) type.values.push(...(part.values ?? []).map(({ name }) => name.value));
    if ('types' in part) type.members.push(...(part.types ?? []).map(({ name }) => name.value));
    if ('interfaces' in part)
      type.interfaces.push(...(part.interfaces ?? []).map(({ name }) => name.value));
    if (!('fields' in part)) continue;
    for (const field of part.fields ?? []) {
      if (field.kind === Kind.FIELD_DEFINITION) type.fields.push(field);
      else type.inputFields.push({ name: field.name.value, type: field.type });
    }
  }
  return { name, types };
}

type TypePart =
  | ObjectTypeDefinitionNode
  | ObjectTypeExtensionNode
  | InterfaceTypeDefinitionNode
  | InterfaceTypeExtensionNode
  | InputObjectTypeDefinitionNode
  | InputObjectTypeExtensionNode
  | EnumTypeDefinitionNode
  | EnumTypeExtensionNode
  | UnionTypeDefinitionNode
  | UnionTypeExtensionNode;

function kindOf({ kind }: DefinitionNode): SubgraphType['kind'] | undefined {
  if (kind.startsWith('ObjectType')) return 'object';
  if (kind.startsWith('InterfaceType')) return 'interface';
  if (kind.startsWith('UnionType')) return 'union';
  if (kind.startsWith('InputObjectType')) return 'input';
  return kind.startsWith('EnumType') ? 'enum' : undefined;
}

function emptyType(name: string, kind: SubgraphType['kind']): SubgraphType {
  return {
    name,
    kind,
    isDefined: false,
    directives: [],
    fields: [],
    inputFields: [],
    values: [],
    members: [],
    interfaces: [],
  };
}

export function isRoot(type: SubgraphType): boolean {
  return ROOTS.has(type.name);
}

export function hasDirective(
  { directives }: { directives?: readonly ConstDirectiveNode[] },
  name: string,
): boolean {
  return (directives ?? []).some((directive) => directive.name.value === name);
}

/** An entity: a type that other subgraphs can name by its key. */
export function isEntity(type: SubgraphType): boolean {
  return type.kind === 'object' && hasDirective(type, 'key');
}

/** The names of the fields in its keys, those of nested selections included. */
export function keyFields(type: SubgraphType): Set<string> {
  const keys = type.directives.filter((directive) => directive.name.value === 'key');
  return new Set(keys.flatMap((key) => textArgument(key, 'fields').match(/\w+/g) ?? []));
}

/** A stub only names an entity that another subgraph answers: it has its key and nothing else. */
export function isStub(type: SubgraphType): boolean {
  const keys = keyFields(type);
  return isEntity(type) && type.fields.every((field) => keys.has(field.name.value));
}

/** Whether the entity belongs to another subgraph: this one holds a stub, or only adds fields (`extend type`). */
export function isForeign(type: SubgraphType): boolean {
  return isEntity(type) && (isStub(type) || !type.isDefined);
}

export function isResolvable(type: SubgraphType): boolean {
  return type.directives.some(
    ({ name, arguments: given }) =>
      name.value === 'key' &&
      !given?.some(
        ({ name, value }) =>
          name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
      ),
  );
}

function textArgument(directive: ConstDirectiveNode, name: string): string {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}

export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
