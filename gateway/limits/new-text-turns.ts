import type { Caller } from '../core/caller.js';
import { LimitExceeded } from './limit-exceeded.js';
import type { Limits } from './limits.js';

/** After a turn the process is free of further ones for this multiple of the time that the turn took. */
const REST_FACTOR = 2;
/** A rest ends at the latest then, so that one long turn does not delay the next for seconds. */
const LONGEST_REST_MS = 500;

type TurnLimits = Pick<Limits, 'waitingOperations' | 'operationWaitMs'>;

interface Waiting {
  begin(): void;
}

/**
 * Admits operations with texts that were not seen lately one after the other: to parse, validate and plan one holds up the event
 * loop for some milliseconds. Callers take turns, so that one who sends many new texts delays their own, and new texts
 * use at most a third of the process's time while other work waits for it. A text that nobody waits behind begins at once.
 */
export class NewTextTurns {
  readonly #limits: TurnLimits;
  readonly #callers = new Map<string, Set<Waiting>>();
  #isBusy = false;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /**
   * Resolves when the turn begins; what follows in the same turn of the event loop belongs to it. Undefined when it begins
   * at once. Rejects with TOO_MUCH when the caller has too many that wait, or when one waits too long.
   */
  begin(caller: Caller): Promise<void> | undefined {
    if (this.#isBusy) return this.#queued(caller);
    this.#measure();
    return undefined;
  }

  #queued({ key }: Caller): Promise<void> {
    const { waitingOperations, operationWaitMs } = this.#limits;
    let queue = this.#callers.get(key);
    if (!queue) this.#callers.set(key, (queue = new Set()));
    if (queue.size >= waitingOperations) return Promise.reject(tooMany(waitingOperations));
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        queue.delete(waiting);
        if (queue.size === 0) this.#callers.delete(key);
      };
      const waiting = {
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

  /** The turn lasts until the event loop comes to other work, and the rest follows. */
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
    // The caller goes to the end of the line.
    this.#callers.delete(key);
    if (queue.size > 1) this.#callers.set(key, queue);
    this.#measure();
    waiting!.begin();
  }
}

function tooMany(most: number): LimitExceeded {
  return new LimitExceeded(
    `At most ${most} operations of a caller that are new to the hub may wait; this one would be one more. Wait for responses, and send values as variables, so that the text stays the same.`,
    { status: 429, retryAfterSeconds: 1 },
  );
}

function tooLong(waitMs: number): LimitExceeded {
  return new LimitExceeded(
    `The hub is busy with operations that are new to it; this one waited ${waitMs / 1000} s for its turn. Try again in some seconds, and send values as variables, so that the text stays the same.`,
    { status: 429, retryAfterSeconds: 5 },
  );
}
