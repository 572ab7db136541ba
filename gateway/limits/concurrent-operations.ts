import { Cancelled, type Cancellation } from '../../shared/cancellation/cancellation.js';
import type { Caller } from '../core/caller.js';
import { LimitExceeded } from './limit-exceeded.js';
import type { Limits } from './limits.js';

export type OperationLimits = Pick<
  Limits,
  'operations' | 'serviceOperations' | 'waitingOperations' | 'operationWaitMs'
>;

interface Waiting {
  begin(): void;
}

interface CallersOperations {
  underWay: number;
  /** In the order in which they came. */
  queue: Set<Waiting>;
}

/**
 * Queries and mutations that run at the same time, by caller. Further ones of a caller wait in a queue of their own, so that
 * a caller who sends many delays nobody else. Subscriptions do not count. Kept per process.
 */
export class OperationsUnderWay {
  readonly #limits: OperationLimits;
  readonly #callers = new Map<string, CallersOperations>();
  #longestQueue = 0;
  #waiting = 0;

  constructor(limits: OperationLimits) {
    this.#limits = limits;
  }

  /** The most operations of one caller that ever waited at the same time. */
  get longestQueue(): number {
    return this.#longestQueue;
  }

  /** Operations that wait now, of all callers. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Begins an operation, which `end` must end: at once, then it returns undefined, or when the returned promise resolves. It
   * rejects with TOO_MUCH when the queue is full or the wait too long, and with Cancelled when nobody waits any more.
   */
  begin(caller: Caller, cancellation?: Cancellation): Promise<void> | undefined {
    let own = this.#callers.get(caller.key);
    if (!own) this.#callers.set(caller.key, (own = { underWay: 0, queue: new Set() }));
    if (own.underWay < this.#mostOf(caller)) {
      own.underWay += 1;
      return undefined;
    }
    return this.#queued(caller, own, cancellation);
  }

  end({ key }: Caller): void {
    const own = this.#callers.get(key);
    if (!own) return;
    const [next] = own.queue;
    if (next) {
      next.begin(); // goes over to it
      return;
    }
    own.underWay -= 1;
    if (own.underWay === 0) this.#callers.delete(key);
  }

  #mostOf({ isService }: Caller): number {
    return isService ? this.#limits.serviceOperations : this.#limits.operations;
  }

  async #queued(
    caller: Caller,
    { queue }: CallersOperations,
    cancellation: Cancellation | undefined,
  ): Promise<void> {
    const { waitingOperations, operationWaitMs } = this.#limits;
    if (queue.size >= waitingOperations) {
      throw this.#tooMuch(caller, `${waitingOperations} more wait already`);
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        queue.delete(waiting);
        this.#waiting -= 1;
        clearTimeout(timer);
        stopListening();
      };
      const giveUp = (reason: Error) => {
        leave();
        reject(reason);
      };
      const waiting = {
        begin: () => {
          leave();
          resolve();
        },
      };
      queue.add(waiting);
      this.#waiting += 1;
      this.#longestQueue = Math.max(this.#longestQueue, queue.size);
      const timer = setTimeout(() => {
        giveUp(this.#tooMuch(caller, `this one waited ${operationWaitMs / 1000} s for its turn`));
      }, operationWaitMs);
      let stopListening = () => {};
      stopListening = cancellation?.onCancel(() => giveUp(new Cancelled())) ?? stopListening;
    });
  }

  #tooMuch(caller: Caller, what: string): LimitExceeded {
    const most = this.#mostOf(caller);
    return new LimitExceeded(
      `A caller may have ${most} operations under way at the same time, and ${what}. Wait for answers before sending more, ask for several things in one operation, or subscribe.`,
      { status: 429, retryAfterSeconds: 1 },
    );
  }
}
