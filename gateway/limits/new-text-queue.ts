import type { Caller } from '../core/index.js';
import { LimitError } from './limit-error.js';
import type { Limits } from './limits.js';

/** After a text the process admits no other for this multiple of the time that the text took. */
const REST_FACTOR = 2;
/** The longest rest, so that one slow text does not delay the next for seconds. */
const LONGEST_REST_MS = 500;

type QueueLimits = Pick<Limits, 'waitingOperations' | 'operationWaitMs'>;

interface QueuedText {
  text: string;
  begin(): void;
}

/**
 * Admits operations with texts that are not cached one after the other: parsing, validating and planning one blocks the event
 * loop for some milliseconds. Serves callers round-robin, so that a caller who sends many new texts delays only their own, and
 * new texts use at most a third of the process's time while other work waits. A text without others before it begins at once.
 */
export class NewTextQueue {
  readonly #limits: QueueLimits;
  readonly #callers = new Map<string, Set<QueuedText>>();
  #isBusy = false;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /**
   * Takes the only slot: at once, then it returns undefined, or when the returned promise resolves. The work of the same tick of
   * the event loop counts for it. Rejects with TOO_MUCH when too many texts of the caller wait, or one waits too long.
   */
  begin(caller: Caller, text: string): Promise<void> | undefined {
    if (this.#isBusy) return this.#queued(caller, text);
    this.#measure();
    return undefined;
  }

  /** Lets all requests with this text begin: it is cached, so that many clients with one text do not wait for each other. */
  release(text: string): void {
    for (const queue of [...this.#callers.values()]) {
      for (const waiting of [...queue]) if (waiting.text === text) waiting.begin();
    }
  }

  #queued({ key }: Caller, text: string): Promise<void> {
    const { waitingOperations, operationWaitMs } = this.#limits;
    let queue = this.#callers.get(key);
    if (!queue) this.#callers.set(key, (queue = new Set()));
    if (queue.size >= waitingOperations) return Promise.reject(tooMany(waitingOperations));
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        queue.delete(waiting);
        if (queue.size === 0 && this.#callers.get(key) === queue) this.#callers.delete(key);
      };
      const waiting = {
        text,
        begin: () => {
          leave();
          resolve();
        },
      };
      const timer = setTimeout(() => {
        leave();
        reject(tooLong(operationWaitMs));
      }, operationWaitMs);
      queue.add(waiting);
    });
  }

  /** The slot is in use until the end of the tick and a rest after it. */
  #measure(): void {
    this.#isBusy = true;
    const begun = performance.now();
    setImmediate(() => {
      const rest = Math.min((performance.now() - begun) * REST_FACTOR, LONGEST_REST_MS);
      setTimeout(() => this.#next(), rest).unref();
    });
  }

  #next(): void {
    this.#isBusy = false;
    const [first] = this.#callers;
    if (!first) return;
    const [key, queue] = first;
    const [waiting] = queue;
    // The caller goes to the end of the queue.
    this.#callers.delete(key);
    if (queue.size > 1) this.#callers.set(key, queue);
    this.#measure();
    waiting!.begin();
  }
}

function tooMany(most: number): LimitError {
  return new LimitError(
    `At most ${most} operations of a caller that are new to the hub may wait; this one would be one more. Wait for responses, and send values as variables, so that the text stays the same.`,
    { status: 429, retryAfterSeconds: 1 },
  );
}

function tooLong(waitMs: number): LimitError {
  return new LimitError(
    `The hub is busy with operations that are new to it; this one waited ${waitMs / 1000} s for a slot. Try again in some seconds, and send values as variables, so that the text stays the same.`,
    { status: 429, retryAfterSeconds: 5 },
  );
}
