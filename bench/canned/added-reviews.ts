import type { Review } from './data.js';

/** Every event to every listener; an event that a listener has not read yet waits. */
export class AddedReviews {
  readonly #listeners = new Set<(review: Review) => void>();

  add(review: Review): void {
    for (const listener of this.#listeners) listener(review);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Written by hand because a generator that waits cannot be ended. */
  listen(): AsyncIterableIterator<Review> {
    const waiting: Review[] = [];
    let wake: ((result: IteratorResult<Review>) => void) | undefined;
    const listener = (review: Review) => {
      const receive = wake;
      wake = undefined;
      if (receive) receive({ value: review, done: false });
      else waiting.push(review);
    };
    const end = () => {
      this.#listeners.delete(listener);
      wake?.({ value: undefined, done: true });
      return Promise.resolve({ value: undefined, done: true } as const);
    };
    this.#listeners.add(listener);
    return {
      next() {
        const value = waiting.shift();
        if (value) return Promise.resolve({ value, done: false });
        return new Promise((resolve) => (wake = resolve));
      },
      return: end,
      throw: end,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
