import { GraphQLError } from 'graphql';

/**
 * Work that was stopped because nobody waits for its result any more. Nobody is there to be shown it; it has a code, so that
 * no log counts it as a fault.
 */
export class CancellationError extends GraphQLError {
  constructor() {
    super('Nobody waits for this any more.', { extensions: { code: 'CANCELLED' } });
  }
}

/**
 * Says once that nobody waits for a result any more. An AbortSignal would do the same; of those a request needs several, and
 * they cost more than the rest of a small request.
 */
export class Cancellation {
  #isCancelled = false;
  /** The first listener has a field of its own: most have no second one, and a set costs more than all the rest. */
  #first: (() => void) | undefined;
  #others: Set<() => void> | undefined;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Throws Cancelled once it is cancelled. */
  check(): void {
    if (this.#isCancelled) throw new CancellationError();
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    const [first, others] = [this.#first, this.#others];
    this.#first = this.#others = undefined;
    first?.();
    for (const listener of others ?? []) listener();
  }

  /** Calls the listener when it is cancelled, or at once if it is. Returns a function that stops listening. */
  onCancel(listener: () => void): () => void {
    if (this.#isCancelled) {
      listener();
      return () => undefined;
    }
    if (!this.#first && !this.#others) this.#first = listener;
    else (this.#others ??= new Set()).add(listener);
    return () => {
      if (this.#first === listener) this.#first = undefined;
      else this.#others?.delete(listener);
    };
  }
}
