import {
  Kind,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { LimitError } from './limit-error.js';
import type { Limits } from './limits.js';

/** The selections with one response path: validation compares its fields of the same name in pairs. */
interface SelectionsAtPath {
  count: number;
  below: Map<string, SelectionsAtPath>;
}

/**
 * Throws LimitError for a document whose validation would take more than `limits.comparisons` steps. A step is a selection of
 * an operation with every fragment inserted; a pair of fields with the same response path, which
 * `OverlappingFieldsCanBeMergedRule` compares; or a variable that is looked up for a further operation. Counting stops at the
 * limit. Expects a document that `checkShape` accepted.
 */
export function checkValidationWork(document: DocumentNode, limits: Limits): void {
  const work = new ValidationWork(document, limits.comparisons);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) work.addOperation(definition.selectionSet);
  }
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) work.addUnreached(definition);
  }
}

class ValidationWork {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #reached = new Set<string>();
  /** Fragments that are being inserted; a fragment within itself is refused. */
  readonly #open = new Set<string>();
  readonly #document: DocumentNode;
  readonly #most: number;
  #steps = 0;
  #operations = 0;
  #variables: number | undefined;

  constructor(document: DocumentNode, most: number) {
    this.#document = document;
    this.#most = most;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#fragments.set(definition.name.value, definition);
      }
    }
  }

  addOperation(selectionSet: SelectionSetNode): void {
    this.#operations += 1;
    if (this.#operations > 1) this.#add((this.#variables ??= variablesIn(this.#document)));
    this.#walk(selectionSet, new Map());
  }

  /** Fragments that no operation spreads are validated as well. */
  addUnreached({ name, selectionSet }: FragmentDefinitionNode): void {
    if (this.#reached.has(name.value)) return;
    this.#open.add(name.value);
    this.#walk(selectionSet, new Map());
    this.#open.delete(name.value);
  }

  #walk({ selections }: SelectionSetNode, paths: Map<string, SelectionsAtPath>): void {
    for (const selection of selections) {
      this.#add(1);
      if (selection.kind === Kind.INLINE_FRAGMENT) this.#walk(selection.selectionSet, paths);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        this.#spread(selection.name.value, paths);
      } else {
        const name = (selection.alias ?? selection.name).value;
        let path = paths.get(name);
        if (!path) paths.set(name, (path = { count: 0, below: new Map() }));
        this.#add(path.count);
        path.count += 1;
        if (selection.selectionSet) this.#walk(selection.selectionSet, path.below);
      }
    }
  }

  #spread(name: string, paths: Map<string, SelectionsAtPath>): void {
    const fragment = this.#fragments.get(name);
    if (!fragment) return;
    // The work of comparing these is not bounded by the size of the operation.
    if (this.#open.has(name)) throw withinItself(name);
    this.#reached.add(name);
    this.#open.add(name);
    this.#walk(fragment.selectionSet, paths);
    this.#open.delete(name);
  }

  #add(steps: number): void {
    this.#steps += steps;
    if (this.#steps <= this.#most) return;
    throw new LimitError(
      `Validating an operation may take at most ${this.#most} comparisons of its selections; this one takes more. Use each field and each fragment once, and send one operation at a time.`,
      { status: 400 },
    );
  }
}

function variablesIn(document: DocumentNode): number {
  let variables = 0;
  visit(document, { Variable: () => void (variables += 1) });
  return variables;
}

/** The error of graphql-js, whose validation refuses the same. */
function withinItself(name: string): LimitError {
  return new LimitError(
    `Cannot spread fragment "${name}" within itself.`,
    { status: 400 },
    'GRAPHQL_VALIDATION_FAILED',
  );
}
