import {
  Kind,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { LimitExceeded } from './limit-exceeded.js';
import type { Limits } from './limits.js';

/** All selections of one response path: fields of the same name here are compared in pairs when a document is validated. */
interface Place {
  count: number;
  below: Map<string, Place>;
}

/**
 * Throws LimitExceeded for a document whose validation would take more than `limits.comparisons` steps. A step is a
 * selection of an operation, every fragment written out; two fields with the same response path, which
 * `OverlappingFieldsCanBeMergedRule` compares with each other; and a variable that is looked up for a further operation.
 * Counting ends at the limit. Expects a document that `checkShape` accepted.
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
  /** Fragments that are being written out; one of them within itself is refused. */
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

  #walk({ selections }: SelectionSetNode, places: Map<string, Place>): void {
    for (const selection of selections) {
      this.#add(1);
      if (selection.kind === Kind.INLINE_FRAGMENT) this.#walk(selection.selectionSet, places);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        this.#spread(selection.name.value, places);
      } else {
        const name = (selection.alias ?? selection.name).value;
        let place = places.get(name);
        if (!place) places.set(name, (place = { count: 0, below: new Map() }));
        this.#add(place.count);
        place.count += 1;
        if (selection.selectionSet) this.#walk(selection.selectionSet, place.below);
      }
    }
  }

  #spread(name: string, places: Map<string, Place>): void {
    const fragment = this.#fragments.get(name);
    if (!fragment) return;
    // Comparing these has no bound that the written-out operation shows.
    if (this.#open.has(name)) throw withinItself(name);
    this.#reached.add(name);
    this.#open.add(name);
    this.#walk(fragment.selectionSet, places);
    this.#open.delete(name);
  }

  #add(steps: number): void {
    this.#steps += steps;
    if (this.#steps <= this.#most) return;
    throw new LimitExceeded(
      `Validating an operation may take at most ${this.#most} comparisons of its selections; this one takes more. Ask for each field once, spread each fragment once, and send one operation at a time.`,
      { status: 400 },
    );
  }
}

function variablesIn(document: DocumentNode): number {
  let variables = 0;
  visit(document, { Variable: () => void (variables += 1) });
  return variables;
}

/** In the words of graphql-js, whose validation refuses the same. */
function withinItself(name: string): LimitExceeded {
  return new LimitExceeded(
    `Cannot spread fragment "${name}" within itself.`,
    { status: 400 },
    'GRAPHQL_VALIDATION_FAILED',
  );
}
