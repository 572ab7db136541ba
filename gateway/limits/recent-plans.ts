import { LRUCache } from 'lru-cache';
import type { OperationDefinitionNode } from 'graphql';

/** Fewer than the cached plans, so that an operation that is remembered here has its plan there. */
const MAX_REMEMBERED = 500;

/**
 * Operations whose planning was charged and whose plan is still cached. Contains numbers instead of documents, which are large
 * and cached elsewhere.
 */
export class RecentPlans {
  readonly #numbers = new WeakMap<OperationDefinitionNode, number>();
  readonly #recent = new LRUCache<number, true>({ max: MAX_REMEMBERED });
  #last = 0;

  has(operation: OperationDefinitionNode): boolean {
    const number = this.#numbers.get(operation);
    return number !== undefined && this.#recent.get(number) === true;
  }

  add(operation: OperationDefinitionNode): void {
    const number = this.#numbers.get(operation) ?? ++this.#last;
    this.#numbers.set(operation, number);
    this.#recent.set(number, true);
  }
}
