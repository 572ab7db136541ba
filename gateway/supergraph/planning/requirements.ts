import {
  baseType,
  FieldDefinition,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type CompositeType,
  type Schema,
  type Subgraphs,
} from '@apollo/federation-internals';
import { Kind, parse, print, type SelectionSetNode } from 'graphql';

interface Requirement {
  /** The field with `@requires`, as `Type.field of subgraph`. */
  by: string;
  /** The required field, as it is written there. */
  as: string;
}

/**
 * Fields with arguments that other fields require (`@requires`). The planner fetches them under their own names and does not
 * compare the arguments of other selections of the same name.
 */
export class Requirements {
  /** By `Type.field`. */
  readonly #required = new Map<string, Requirement>();
  readonly #names = new Set<string>();

  /** Throws when two fields require the same field with different arguments. */
  constructor(subgraphs: Subgraphs) {
    for (const subgraph of subgraphs.values()) {
      const directive = subgraph.metadata().requiresDirective();
      for (const application of directive.applications()) {
        const field: unknown = application.parent;
        if (!(field instanceof FieldDefinition)) continue;
        const parent = field.parent as CompositeType;
        const by = `${parent.name}.${field.name} of ${subgraph.name}`;
        const selections = selectionsOf(String(application.arguments().fields));
        this.#add(by, selections, parent, subgraph.schema);
      }
    }
  }

  /** Whether a field of this name takes arguments and another field requires it. */
  hasField(name: string): boolean {
    return this.#names.has(name);
  }

  #add(by: string, { selections }: SelectionSetNode, parent: CompositeType, schema: Schema): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition =
          selection.typeCondition && schema.type(selection.typeCondition.name.value);
        const type = condition && isCompositeType(condition) ? condition : parent;
        this.#add(by, selection.selectionSet, type, schema);
      }
      if (selection.kind !== Kind.FIELD || !('field' in parent)) continue;
      const definition = parent.field(selection.name.value);
      if (!definition) continue;
      if (definition.arguments().length > 0) {
        const as = `${definition.name}(${(selection.arguments ?? []).map(print).sort().join(', ')})`;
        for (const type of objectsOf(parent)) this.#require(type, definition.name, { by, as });
      }
      const inner = definition.type && baseType(definition.type);
      if (selection.selectionSet && inner && isCompositeType(inner)) {
        this.#add(by, selection.selectionSet, inner, schema);
      }
    }
  }

  #require(type: string, field: string, required: Requirement): void {
    const before = this.#required.get(`${type}.${field}`);
    if (before && before.as !== required.as) {
      throw new Error(
        `The supergraph cannot be served: ${before.by} requires ${before.as} and ${required.by} requires ${required.as} of the same ${type}, which a plan cannot distinguish. Give the requirements the same arguments, or let the subgraph that owns ${type}.${field} offer two fields.`,
      );
    }
    this.#required.set(`${type}.${field}`, required);
    this.#names.add(field);
  }
}

function objectsOf(type: CompositeType): string[] {
  if (isInterfaceType(type))
    return [type.name, ...type.possibleRuntimeTypes().map(({ name }) => name)];
  return isObjectType(type) ? [type.name] : [];
}

function selectionsOf(fields: string): SelectionSetNode {
  const [definition] = parse(`{${fields}}`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`${fields} requires nothing`);
  return definition.selectionSet;
}
