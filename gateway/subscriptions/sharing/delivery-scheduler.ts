/** After so long the rest waits for the next turn, and whatever else the process has to do comes in between. */
const LONGEST_TURN_MS = 4;
/** Deliveries between two looks at the clock. */
const AT_ONCE = 32;

/** Somebody with deliveries to make. */
export interface Deliverer {
  /** Makes at most so many, and says whether any are left. */
  deliverSome(most: number): boolean;
}

/**
 * Gives all who have something to deliver their turn, in short turns of the event loop: a message for thousands must not
 * keep a query waiting, nor a crowd keep a small group waiting.
 */
export class DeliveryTurns {
  readonly #queue = new Set<Deliverer>();
  readonly #now: () => number;
  #isScheduled = false;

  /** `now` is in milliseconds, of a clock that never goes back. */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  request(deliverer: Deliverer): void {
    this.#queue.add(deliverer);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    const end = this.#now() + LONGEST_TURN_MS;
    this.#isScheduled = false;
    for (const deliverer of this.#queue) {
      this.#queue.delete(deliverer);
      // At the end of the queue, so that it comes after all others.
      if (deliverer.deliverSome(AT_ONCE)) this.#queue.add(deliverer);
      if (this.#now() >= end) break;
    }
    const [next] = this.#queue;
    if (next) this.request(next);
  }
}
