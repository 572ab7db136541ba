import {
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { conditionsOf } from './conditions.js';
import { MAX_REPORTED_DENIALS, type Denial } from './denials.js';
import { isMistakable } from './field-names.js';
import type { PrivateNames } from './private-names.js';
import type { DeniedFields } from './rights-index.js';

interface SelectionContext {
  schema: GraphQLSchema;
  denied: DeniedFields;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  names: PrivateNames;
  ownResponseNames: readonly string[];
  /** Whether a field of this name takes arguments and another field requires it, perhaps with other arguments. */
  isRequired: (name: string) => boolean;
}

/** A selection set split by rights. Paths of denials begin at the selection set. */
interface SplitSelections {
  planned: SelectionNode[];
  shaped: SelectionNode[];
  denials: Denial[];
  /** Whether nothing in it is denied or renamed, so that `planned` and `shaped` equal the original. */
  isWhole: boolean;
}

interface SplitField extends SplitSelections {
  planned: FieldNode[];
  shaped: FieldNode[];
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** Splits the selections of one operation into those that are planned and those that shape the result; each fragment once. */
export class RestrictedSelections {
  readonly #context: SelectionContext;
  readonly #definitions = new Map<string, FragmentDefinitionNode>();
  readonly #fragments = new Map<string, SplitSelections>();

  constructor(context: SelectionContext) {
    this.#context = context;
    for (const definition of context.document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#definitions.set(definition.name.value, definition);
      }
    }
  }

  of({ selections }: SelectionSetNode, parent: GraphQLCompositeType): SplitSelections {
    const whole: SplitSelections = { planned: [], shaped: [], denials: [], isWhole: true };
    for (const selection of selections) {
      const part = this.#split(selection, parent);
      whole.planned.push(...part.planned);
      whole.shaped.push(...part.shaped);
      whole.isWhole &&= part.isWhole;
      const conditions = part.isWhole
        ? undefined
        : conditionsOf(selection, this.#context.operation);
      if (!conditions) continue;
      const room = MAX_REPORTED_DENIALS - whole.denials.length;
      for (const denial of part.denials.slice(0, room)) {
        whole.denials.push({ ...denial, conditions: [...conditions, ...denial.conditions] });
      }
    }
    return whole;
  }

  /** Returns the definitions of the fragments; those below introspection, where nothing is denied, are unchanged. */
  fragments(kind: 'planned' | 'shaped'): FragmentDefinitionNode[] {
    return [...this.#definitions].flatMap(([name, definition]) => {
      const split = this.#fragments.get(name);
      if (!split) return [definition];
      const selections = split[kind];
      if (selections.length === 0) return [];
      return [{ ...definition, selectionSet: { kind: Kind.SELECTION_SET, selections } }];
    });
  }

  #split(selection: SelectionNode, parent: GraphQLCompositeType): SplitSelections {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#field(selection, parent);
      case Kind.INLINE_FRAGMENT: {
        const condition = selection.typeCondition?.name.value;
        const type = condition === undefined ? parent : this.#composite(condition);
        return within(selection, this.of(selection.selectionSet, type));
      }
      case Kind.FRAGMENT_SPREAD: {
        const { planned, denials, isWhole } = this.#fragment(selection.name.value);
        const kept = planned.length > 0 ? [selection] : [];
        return { planned: kept, shaped: [selection], denials, isWhole };
      }
    }
  }

  #field(node: FieldNode, parent: GraphQLCompositeType): SplitSelections {
    const { denied, names, ownResponseNames } = this.#context;
    const name = node.name.value;
    const responseName = node.alias?.value ?? name;
    if (ownResponseNames.includes(responseName)) return { ...whole(node), shaped: [] };
    if (name.startsWith('__')) return this.#kept(node, parent, whole(node));
    const field = 'getFields' in parent ? parent.getFields()[name] : undefined;
    if (!field || denied.denies(parent.name, name)) {
      const leaf = node.selectionSet ? { ...node, ...withSelections([TYPENAME]) } : node;
      const shaped = withAlias(leaf, names.ofDenied(responseName));
      const missing = denied.missing(parent.name, name);
      const denials = [{ path: [responseName], missing, conditions: [] }];
      return { planned: [], shaped: [shaped], denials, isWhole: false };
    }
    const type = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(type)) return this.#kept(node, parent, whole(node));
    const split = this.of(node.selectionSet, type);
    // The client may learn whether the object exists, even if none of its fields is allowed.
    const selected = split.planned.length > 0 ? split.planned : [TYPENAME];
    const above = [responseName, ...listMarks(field.type)];
    return this.#kept(node, parent, {
      planned: [{ ...node, ...withSelections(selected) }],
      shaped: [{ ...node, ...withSelections(split.shaped) }],
      denials: split.denials.map(({ path, ...rest }) => ({ ...rest, path: [...above, ...path] })),
      isWhole: split.isWhole,
    });
  }

  /**
   * Renames a field whose name or alias could be confused with another field that the planner fetches. At the root nothing else
   * is fetched.
   */
  #kept(
    { name, alias }: FieldNode,
    parent: GraphQLCompositeType,
    split: SplitField,
  ): SplitSelections {
    const { schema, operation, names, isRequired } = this.#context;
    const responseName = alias?.value ?? name.value;
    const isMistaken =
      responseName === name.value ? isRequired(name.value) : isMistakable(schema, responseName);
    if (!isMistaken || parent === schema.getRootType(operation.operation)) return split;
    const renamed = (nodes: FieldNode[]) =>
      nodes.map((node) => withAlias(node, names.ofKept(responseName)));
    const { planned, shaped, denials } = split;
    return { planned: renamed(planned), shaped: renamed(shaped), denials, isWhole: false };
  }

  #fragment(name: string): SplitSelections {
    const known = this.#fragments.get(name);
    if (known) return known;
    const { selectionSet, typeCondition } = this.#definition(name);
    const split = this.of(selectionSet, this.#composite(typeCondition.name.value));
    this.#fragments.set(name, split);
    return split;
  }

  #definition(name: string): FragmentDefinitionNode {
    const definition = this.#definitions.get(name);
    if (!definition) throw new Error(`a valid document defines its fragments; ${name} is missing`);
    return definition;
  }

  #composite(name: string): GraphQLCompositeType {
    const type = this.#context.schema.getType(name);
    if (isCompositeType(type)) return type;
    throw new Error(`a valid document has fragments on composite types; ${name} is none`);
  }
}

function withAlias(node: FieldNode, name: string): FieldNode {
  return { ...node, alias: { kind: Kind.NAME, value: name } };
}

function whole(node: FieldNode): SplitField {
  return { planned: [node], shaped: [node], denials: [], isWhole: true };
}

function within(
  node: SelectionNode & { selectionSet: SelectionSetNode },
  { planned, shaped, ...rest }: SplitSelections,
): SplitSelections {
  const kept = planned.length > 0 ? [{ ...node, ...withSelections(planned) }] : [];
  return { ...rest, planned: kept, shaped: [{ ...node, ...withSelections(shaped) }] };
}

function withSelections(selections: readonly SelectionNode[]) {
  return { selectionSet: { kind: Kind.SELECTION_SET, selections } } as const;
}

/** One "@" for each list around the type of a field. */
function listMarks(type: GraphQLOutputType): string[] {
  if (isNonNullType(type)) return listMarks(type.ofType);
  return isListType(type) ? ['@', ...listMarks(type.ofType)] : [];
}
