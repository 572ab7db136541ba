import { LRUCache } from 'lru-cache';
import type { OperationDefinitionNode } from 'graphql';

/** Fewer than the plans that are kept, so that what is remembered here has its plan there. */
const MOST_REMEMBERED = 500;

/**
 * Operations whose planning was paid for and whose plan is still kept. Holds numbers instead of documents, which are large
 * and kept elsewhere.
 */
export class PlannedLately {
  readonly #numbers = new WeakMap<OperationDefinitionNode, number>();
  readonly #lately = new LRUCache<number, true>({ max: MOST_REMEMBERED });
  #last = 0;

  has(operation: OperationDefinitionNode): boolean {
    const number = this.#numbers.get(operation);
    return number !== undefined && this.#lately.get(number) === true;
  }

  add(operation: OperationDefinitionNode): void {
    const number = this.#numbers.get(operation) ?? ++this.#last;
    this.#numbers.set(operation, number);
    this.#lately.set(number, true);
  }
}
