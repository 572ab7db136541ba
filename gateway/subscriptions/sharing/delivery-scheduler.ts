/** After this time the rest waits for the next tick, and other work of the process comes first. */
const LONGEST_TICK_MS = 4;
/** Deliveries between two readings of the clock. */
const DELIVERIES_PER_CHECK = 32;

/** A broadcast with messages to deliver. */
export interface Delivery {
  /** Delivers to at most `count` subscribers, and returns whether any are left. */
  deliverNext(count: number): boolean;
}

/**
 * Schedules deliveries round-robin in short ticks of the event loop: a message for thousands must not delay a query, nor a large
 * group a small one.
 */
export class DeliveryScheduler {
  readonly #queue = new Set<Delivery>();
  readonly #now: () => number;
  #isScheduled = false;

  /** `now` is in milliseconds, of a monotonic clock. */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  request(delivery: Delivery): void {
    this.#queue.add(delivery);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#tick());
  }

  #tick(): void {
    const end = this.#now() + LONGEST_TICK_MS;
    this.#isScheduled = false;
    for (const delivery of this.#queue) {
      this.#queue.delete(delivery);
      // At the end of the queue, after all others.
      if (delivery.deliverNext(DELIVERIES_PER_CHECK)) this.#queue.add(delivery);
      if (this.#now() >= end) break;
    }
    const [next] = this.#queue;
    if (next) this.request(next);
  }
}
