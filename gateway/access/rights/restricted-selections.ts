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
import { MOST_DENIALS_TOLD, type Denial } from './denials.js';
import { isMistakable } from './field-names.js';
import type { PrivateNames } from './private-names.js';
import type { Denied } from './rights-index.js';

interface Question {
  schema: GraphQLSchema;
  denied: Denied;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  names: PrivateNames;
  own: string | undefined;
  /** Whether a field of this name takes arguments and is required by another one, which the planner may ask with others. */
  isRequired: (name: string) => boolean;
}

/** What becomes of a selection set. Paths of denials begin where it stands. */
interface Parts {
  planned: SelectionNode[];
  shaped: SelectionNode[];
  denials: Denial[];
  /** Nothing in it is denied or needs another name, so `planned` and `shaped` are what it was. */
  isWhole: boolean;
}

interface FieldParts extends Parts {
  planned: FieldNode[];
  shaped: FieldNode[];
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** Parts the selections of one operation into what is asked and what is shown. Each fragment is parted once. */
export class RestrictedSelections {
  readonly #question: Question;
  readonly #definitions = new Map<string, FragmentDefinitionNode>();
  readonly #fragments = new Map<string, Parts>();

  constructor(question: Question) {
    this.#question = question;
    for (const definition of question.document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#definitions.set(definition.name.value, definition);
      }
    }
  }

  of({ selections }: SelectionSetNode, parent: GraphQLCompositeType): Parts {
    const parts: Parts = { planned: [], shaped: [], denials: [], isWhole: true };
    for (const selection of selections) {
      const part = this.#part(selection, parent);
      parts.planned.push(...part.planned);
      parts.shaped.push(...part.shaped);
      parts.isWhole &&= part.isWhole;
      const conditions = part.isWhole
        ? undefined
        : conditionsOf(selection, this.#question.operation);
      if (!conditions) continue;
      const room = MOST_DENIALS_TOLD - parts.denials.length;
      for (const denial of part.denials.slice(0, room)) {
        parts.denials.push({ ...denial, conditions: [...conditions, ...denial.conditions] });
      }
    }
    return parts;
  }

  /** The fragments' definitions; those below introspection, where nothing is denied, are as they were. */
  fragments(kind: 'planned' | 'shaped'): FragmentDefinitionNode[] {
    return [...this.#definitions].flatMap(([name, definition]) => {
      const parts = this.#fragments.get(name);
      if (!parts) return [definition];
      const selections = parts[kind];
      if (selections.length === 0) return [];
      return [{ ...definition, selectionSet: { kind: Kind.SELECTION_SET, selections } }];
    });
  }

  #part(selection: SelectionNode, parent: GraphQLCompositeType): Parts {
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

  #field(node: FieldNode, parent: GraphQLCompositeType): Parts {
    const { denied, names, own } = this.#question;
    const name = node.name.value;
    const responseName = node.alias?.value ?? name;
    if (responseName === own) return { ...whole(node), shaped: [] };
    if (name.startsWith('__')) return this.#kept(node, parent, whole(node));
    const field = 'getFields' in parent ? parent.getFields()[name] : undefined;
    if (!field || denied.denies(parent.name, name)) {
      const leaf = node.selectionSet ? { ...node, ...withSelections([TYPENAME]) } : node;
      const shaped = called(leaf, names.ofDenied(responseName));
      const missing = denied.missing(parent.name, name);
      const denials = [{ path: [responseName], missing, conditions: [] }];
      return { planned: [], shaped: [shaped], denials, isWhole: false };
    }
    const type = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(type)) return this.#kept(node, parent, whole(node));
    const parts = this.of(node.selectionSet, type);
    // The client may know whether there is such an object, if not what it holds.
    const asked = parts.planned.length > 0 ? parts.planned : [TYPENAME];
    const above = [responseName, ...listMarks(field.type)];
    return this.#kept(node, parent, {
      planned: [{ ...node, ...withSelections(asked) }],
      shaped: [{ ...node, ...withSelections(parts.shaped) }],
      denials: parts.denials.map(({ path, ...rest }) => ({ ...rest, path: [...above, ...path] })),
      isWhole: parts.isWhole,
    });
  }

  /**
   * Under a private name where its name or alias could be taken for something else that the planner fetches. At the root
   * nothing else is fetched.
   */
  #kept({ name, alias }: FieldNode, parent: GraphQLCompositeType, parts: FieldParts): Parts {
    const { schema, operation, names, isRequired } = this.#question;
    const responseName = alias?.value ?? name.value;
    const isMistaken =
      responseName === name.value ? isRequired(name.value) : isMistakable(schema, responseName);
    if (!isMistaken || parent === schema.getRootType(operation.operation)) return parts;
    const renamed = (nodes: FieldNode[]) =>
      nodes.map((node) => called(node, names.ofKept(responseName)));
    const { planned, shaped, denials } = parts;
    return { planned: renamed(planned), shaped: renamed(shaped), denials, isWhole: false };
  }

  #fragment(name: string): Parts {
    const known = this.#fragments.get(name);
    if (known) return known;
    const { selectionSet, typeCondition } = this.#definition(name);
    const parts = this.of(selectionSet, this.#composite(typeCondition.name.value));
    this.#fragments.set(name, parts);
    return parts;
  }

  #definition(name: string): FragmentDefinitionNode {
    const definition = this.#definitions.get(name);
    if (!definition) throw new Error(`a valid document defines its fragments; ${name} is missing`);
    return definition;
  }

  #composite(name: string): GraphQLCompositeType {
    const type = this.#question.schema.getType(name);
    if (isCompositeType(type)) return type;
    throw new Error(`a valid document has fragments on composite types; ${name} is none`);
  }
}

function called(node: FieldNode, name: string): FieldNode {
  return { ...node, alias: { kind: Kind.NAME, value: name } };
}

function whole(node: FieldNode): FieldParts {
  return { planned: [node], shaped: [node], denials: [], isWhole: true };
}

function within(
  node: SelectionNode & { selectionSet: SelectionSetNode },
  { planned, shaped, ...rest }: Parts,
): Parts {
  const kept = planned.length > 0 ? [{ ...node, ...withSelections(planned) }] : [];
  return { ...rest, planned: kept, shaped: [{ ...node, ...withSelections(shaped) }] };
}

function withSelections(selections: readonly SelectionNode[]) {
  return { selectionSet: { kind: Kind.SELECTION_SET, selections } } as const;
}

/** One "@" for each list around what a field gives. */
function listMarks(type: GraphQLOutputType): string[] {
  if (isNonNullType(type)) return listMarks(type.ofType);
  return isListType(type) ? ['@', ...listMarks(type.ofType)] : [];
}
