/** Values pushed by a test to its listeners. */
export class PushStream<T> {
  readonly #listeners = new Set<(value: T) => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  push(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  /** Each listener gets `first`, then what is pushed. Written by hand so that leaving is noticed while it waits. */
  listen(first: readonly T[] = []): AsyncIterableIterator<T> {
    const waiting = [...first];
    let wake: ((step: IteratorResult<T>) => void) | undefined;
    let isOver = false;
    const listener = (value: T) => {
      if (wake) wake({ done: false, value });
      else waiting.push(value);
      wake = undefined;
    };
    this.#listeners.add(listener);
    const over = { done: true, value: undefined } as const;
    const iterator: AsyncIterableIterator<T> = {
      next: () => {
        if (isOver) return Promise.resolve(over);
        if (waiting.length > 0)
          return Promise.resolve({ done: false, value: waiting.shift() as T });
        return new Promise((resolve) => (wake = resolve));
      },
      return: () => {
        isOver = true;
        this.#listeners.delete(listener);
        wake?.(over);
        return Promise.resolve(over);
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }
}
