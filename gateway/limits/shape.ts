import {
  Kind,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { tooMuch } from './limit-error.js';
import type { Limits } from './limits.js';

interface Shape {
  depth: number;
  fields: number;
  aliases: number;
  directives: number;
}

const NOTHING: Shape = { depth: 0, fields: 0, aliases: 0, directives: 0 };

/**
 * Measures a document before validation, which takes time quadratic in the number of sibling selections. Visits every definition
 * once, however often it is spread, so that the visit is linear in the text; counts the operation with every fragment inserted.
 * Throws LimitError.
 */
export function checkShape(document: DocumentNode, limits: Limits): void {
  const shape = new ShapeOf(document, limits.breadth);
  // Unused fragments are validated as well.
  for (const definition of document.definitions) {
    const { depth, fields, aliases, directives } = shape.ofDefinition(definition);
    if (depth > limits.depth) {
      throw tooMuch(
        'levels',
        limits.depth,
        depth,
        'Use a second operation for the inner part, by its id.',
      );
    }
    if (fields > limits.fields) {
      throw tooMuch('fields', limits.fields, fields, 'Send a smaller operation, or several.');
    }
    if (aliases > limits.aliases) {
      throw tooMuch('aliases', limits.aliases, aliases, 'Use a list field, or several operations.');
    }
    if (directives > limits.directives) {
      throw tooMuch('directives', limits.directives, directives, 'Send a smaller operation.');
    }
  }
}

class ShapeOf {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** Undefined while a fragment is being measured: a fragment that spreads itself adds nothing, and validation refuses it. */
  readonly #measured = new Map<string, Shape | undefined>();
  readonly #breadth: number;

  constructor({ definitions }: DocumentNode, breadth: number) {
    this.#breadth = breadth;
    for (const definition of definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#fragments.set(definition.name.value, definition);
      }
    }
  }

  ofDefinition(definition: DefinitionNode): Shape {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) return this.#ofSpread(definition.name.value);
    if (definition.kind !== Kind.OPERATION_DEFINITION) return NOTHING;
    const variables = definition.variableDefinitions ?? [];
    const directives = variables.reduce((sum, variable) => sum + directivesOf(variable), 0);
    return sum([
      this.#ofSelections(definition.selectionSet),
      { ...NOTHING, directives: directives + directivesOf(definition) },
    ]);
  }

  #ofSpread(name: string): Shape {
    if (this.#measured.has(name)) return this.#measured.get(name) ?? NOTHING;
    const fragment = this.#fragments.get(name);
    if (!fragment) return NOTHING;
    this.#measured.set(name, undefined);
    const shape = sum([
      this.#ofSelections(fragment.selectionSet),
      { ...NOTHING, directives: directivesOf(fragment) },
    ]);
    this.#measured.set(name, shape);
    return shape;
  }

  #ofSelections({ selections }: SelectionSetNode): Shape {
    if (selections.length > this.#breadth) {
      const remedy = 'Send a smaller operation, or several.';
      throw tooMuch('fields side by side', this.#breadth, selections.length, remedy);
    }
    return sum(selections.map((selection) => this.#ofSelection(selection)));
  }

  #ofSelection(selection: SelectionNode): Shape {
    const directives = directivesOf(selection);
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      return sum([this.#ofSpread(selection.name.value), { ...NOTHING, directives }]);
    }
    const inner = selection.selectionSet ? this.#ofSelections(selection.selectionSet) : NOTHING;
    if (selection.kind === Kind.INLINE_FRAGMENT) return sum([inner, { ...NOTHING, directives }]);
    return {
      depth: inner.depth + 1,
      fields: inner.fields + 1,
      aliases: inner.aliases + (selection.alias ? 1 : 0),
      directives: inner.directives + directives,
    };
  }
}

function sum(shapes: readonly Shape[]): Shape {
  return shapes.reduce(
    (total, shape) => ({
      depth: Math.max(total.depth, shape.depth),
      fields: total.fields + shape.fields,
      aliases: total.aliases + shape.aliases,
      directives: total.directives + shape.directives,
    }),
    NOTHING,
  );
}

function directivesOf({ directives }: { readonly directives?: readonly unknown[] | undefined }) {
  return directives?.length ?? 0;
}
