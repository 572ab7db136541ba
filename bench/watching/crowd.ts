import { clockMicros } from '../canned/events.js';
import { Latencies } from '../latencies.js';
import { Watcher, type Watched } from './watcher.js';

/** So many connections are on their way at once, fewer than a server lets wait. */
const OPENING_AT_ONCE = 64;

/** Subscribers of one gateway, and what they heard. */
export class Crowd {
  readonly latencies = new Latencies();
  readonly #watchers: Watcher[] = [];
  readonly #size: number;
  /** By the number of the probe. */
  readonly #probes = new Map<number, number>();
  #isClosed = false;
  #check: () => void = () => {};
  #broke: Error | undefined;

  private constructor(size: number) {
    this.#size = size;
  }

  /** Resolves when all have asked; whether the gateway listens for all is for probes to find out. */
  static async gather(watched: Watched, size: number): Promise<Crowd> {
    const crowd = new Crowd(size);
    let asked = 0;
    await crowd.until(Infinity, () => {
      while (crowd.#watchers.length < Math.min(size, asked + OPENING_AT_ONCE)) {
        const subscribed = () => {
          asked++;
          crowd.#check();
        };
        crowd.#watchers.push(new Watcher(watched, crowd.#ear(), subscribed));
      }
      return asked === size;
    });
    return crowd;
  }

  get delivered(): number {
    return this.latencies.count;
  }

  /** How many probes came to every one. */
  get heardByAll(): number {
    return [...this.#probes.values()].filter((times) => times === this.#size).length;
  }

  /** Whether every one heard this probe. */
  heard(probe: number): boolean {
    return this.#probes.get(probe) === this.#size;
  }

  /** False when the time is over before the condition holds, which is looked at whenever something was heard. */
  until(milliseconds: number, holds: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const timer = Number.isFinite(milliseconds)
        ? setTimeout(() => this.#settle(() => resolve(false)), milliseconds)
        : undefined;
      this.#check = () => {
        if (this.#broke) this.#settle(() => reject(this.#broke!), timer);
        else if (holds()) this.#settle(() => resolve(true), timer);
      };
      this.#check();
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers) watcher.close();
  }

  #settle(act: () => void, timer?: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#check = () => {};
    act();
  }

  #ear() {
    return {
      event: (micros: number) => {
        this.latencies.record((clockMicros() - micros) / 1_000);
        this.#check();
      },
      probe: (number: number) => {
        this.#probes.set(number, (this.#probes.get(number) ?? 0) + 1);
        this.#check();
      },
      broke: (error: Error) => {
        if (this.#isClosed) return;
        this.#broke ??= error;
        this.#check();
      },
    };
  }
}
