import { type Cancellation, CancellationError } from '../cancellation/index.js';
import { callersFault } from '../errors/index.js';

/** How long a heavy read waits for a moment without other requests, before it runs beside them. */
const POLITE_MS = 250;
/** How long a heavy read waits for the slot before it is refused. */
const LONGEST_WAIT_MS = 3_000;
/** Where other requests arrived lately, no heavy read begins for this multiple of the time that the last one took. */
const REST_FACTOR = 2;
const LONGEST_REST_MS = POLITE_MS;
const LATELY_MS = 500;

type Begin = (end: () => void) => void;

/**
 * Turns of heavy reads in this process: one at a time, and only while no other request is under way, so that a caller who reads
 * little waits for none of them. A heavy read that has waited a while runs all the same: it must not wait for ever. Where
 * other requests keep coming, heavy reads use at most a third of the time, because they share processors with the rest also
 * inside the database server.
 */
export class HeavyReadSlots {
  readonly #queue = new Set<Begin>();
  #others = 0;
  #isHeld = false;
  #hurry: NodeJS.Timeout | undefined;
  #lastOtherAt = Number.NEGATIVE_INFINITY;

  /** Other requests that are under way: one more, or one less. */
  changeOthers(by: 1 | -1): void {
    this.#others += by;
    this.#lastOtherAt = performance.now();
    if (this.#others === 0) this.#next();
  }

  /** Resolves with the function that releases the slot. Rejects with TOO_MUCH after a while, and with CancellationError when nobody waits
   * any more. */
  acquire(cancellation?: Cancellation): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.delete(begin);
        clearTimeout(timer);
        stopListening();
      };
      const begin: Begin = (end) => {
        leave();
        resolve(end);
      };
      const giveUp = (reason: Error) => {
        leave();
        reject(reason);
      };
      this.#queue.add(begin);
      const timer = setTimeout(() => giveUp(tooBusy()), LONGEST_WAIT_MS);
      let stopListening = () => {};
      stopListening =
        cancellation?.onCancel(() => giveUp(new CancellationError())) ?? stopListening;
      this.#next();
    });
  }

  #next(): void {
    if (this.#isHeld || this.#queue.size === 0) return;
    if (this.#others === 0) this.#begin();
    else this.#hurry ??= setTimeout(() => this.#begin(), POLITE_MS);
  }

  #begin(): void {
    clearTimeout(this.#hurry);
    this.#hurry = undefined;
    const [begin] = this.#queue;
    if (!begin || this.#isHeld) return;
    this.#isHeld = true;
    const begunAt = performance.now();
    let isOver = false;
    begin(() => {
      if (isOver) return;
      isOver = true;
      const next = () => {
        this.#isHeld = false;
        this.#next();
      };
      const rest = this.#restAfter(performance.now() - begunAt);
      // Requests that arrived meanwhile come first.
      if (rest === 0) setImmediate(next);
      else setTimeout(next, rest);
    });
  }

  #restAfter(durationMs: number): number {
    const isAlone = this.#others === 0 && performance.now() - this.#lastOtherAt > LATELY_MS;
    return isAlone ? 0 : Math.min(durationMs * REST_FACTOR, LONGEST_REST_MS);
  }
}

/** Of this process. */
export const heavyReadSlots = new HeavyReadSlots();

/** A request that counts among the others, except while it reads much itself. */
export class OtherRequest {
  readonly #slots: HeavyReadSlots;
  #heavy = 0;
  #isOver = false;
  #isCounted = false;
  #isChange = false;

  constructor(slots: HeavyReadSlots) {
    this.#slots = slots;
    this.#update();
  }

  heavyBegins(): void {
    this.#heavy += 1;
    this.#update();
  }

  heavyEnds(): void {
    this.#heavy -= 1;
    this.#update();
  }

  /** A mutation of it has begun. */
  changes(): void {
    this.#isChange = true;
  }

  /** Whether it is a mutation: what its caller reads of the outcome belongs to the change and never waits for the slot. */
  get isChange(): boolean {
    return this.#isChange;
  }

  over(): void {
    this.#isOver = true;
    this.#update();
  }

  #update(): void {
    const counts = !this.#isOver && this.#heavy === 0;
    if (counts === this.#isCounted) return;
    this.#isCounted = counts;
    this.#slots.changeOthers(counts ? 1 : -1);
  }
}

function tooBusy() {
  return callersFault(
    'TOO_MUCH',
    `The hub is busy with other counts and large lists; this one waited ${LONGEST_WAIT_MS / 1000} s. Query a smaller area or without a count, or try again in some seconds.`,
  );
}
