import { type Cancellation, CancellationError } from '../../shared/cancellation/index.js';
import type { Caller } from '../core/index.js';
import { LimitError } from './limit-error.js';
import type { Limits } from './limits.js';

export type OperationLimits = Pick<
  Limits,
  'operations' | 'serviceOperations' | 'waitingOperations' | 'operationWaitMs'
>;

interface QueuedOperation {
  begin(): void;
}

interface CallerOperations {
  running: number;
  /** In order of arrival. */
  queue: Set<QueuedOperation>;
}

/**
 * Limits the queries and mutations of each caller that run at the same time. Further ones wait in a queue of the caller's own, so
 * that a caller who sends many delays nobody else. Subscriptions do not count. Kept per process.
 */
export class ConcurrentOperations {
  readonly #limits: OperationLimits;
  readonly #callers = new Map<string, CallerOperations>();
  #longestQueue = 0;
  #waiting = 0;

  constructor(limits: OperationLimits) {
    this.#limits = limits;
  }

  /** The largest number of operations of one caller that ever waited at the same time. */
  get longestQueue(): number {
    return this.#longestQueue;
  }

  /** Operations of all callers that wait now. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Takes a slot, which `end` must release: at once, then it returns undefined, or when the returned promise resolves. Rejects
   * with TOO_MUCH when the queue is full or the wait too long, and with Cancelled when nobody waits for the operation any more.
   */
  begin(caller: Caller, cancellation?: Cancellation): Promise<void> | undefined {
    let own = this.#callers.get(caller.key);
    if (!own) this.#callers.set(caller.key, (own = { running: 0, queue: new Set() }));
    if (own.running < this.#mostOf(caller)) {
      own.running += 1;
      return undefined;
    }
    return this.#queued(caller, own, cancellation);
  }

  end({ key }: Caller): void {
    const own = this.#callers.get(key);
    if (!own) return;
    const [next] = own.queue;
    if (next) {
      next.begin(); // takes over the slot
      return;
    }
    own.running -= 1;
    if (own.running === 0) this.#callers.delete(key);
  }

  #mostOf({ isService }: Caller): number {
    return isService ? this.#limits.serviceOperations : this.#limits.operations;
  }

  async #queued(
    caller: Caller,
    { queue }: CallerOperations,
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
        giveUp(
          this.#tooMuch(
            caller,
            `this one waited ${operationWaitMs / 1000} s for one of them to end`,
          ),
        );
      }, operationWaitMs);
      let stopListening = () => {};
      stopListening =
        cancellation?.onCancel(() => giveUp(new CancellationError())) ?? stopListening;
    });
  }

  #tooMuch(caller: Caller, what: string): LimitError {
    const most = this.#mostOf(caller);
    return new LimitError(
      `A caller may have ${most} operations in progress at the same time, and ${what}. Wait for responses before sending more, combine several operations into one, or subscribe.`,
      { status: 429, retryAfterSeconds: 1 },
    );
  }
}
