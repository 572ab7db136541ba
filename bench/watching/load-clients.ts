import { clockMicros } from '../canned/events.js';
import { Latencies } from '../latencies.js';
import { Watcher, type WatchTarget } from './watcher.js';

/** Connections that are on their way at once, fewer than a server lets wait. */
const OPENING_AT_ONCE = 64;

/** Subscribers of one gateway, and the messages that they received. */
export class LoadClients {
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

  /** Resolves when all have sent their subscription; probes find out whether the gateway listens for all. */
  static async gather(watched: WatchTarget, size: number): Promise<LoadClients> {
    const clients = new LoadClients(size);
    let count = 0;
    await clients.until(Infinity, () => {
      while (clients.#watchers.length < Math.min(size, count + OPENING_AT_ONCE)) {
        const subscribed = () => {
          count++;
          clients.#check();
        };
        clients.#watchers.push(new Watcher(watched, clients.#ear(), subscribed));
      }
      return count === size;
    });
    return clients;
  }

  get delivered(): number {
    return this.latencies.count;
  }

  /** The number of probes that reached every client. */
  get deliveredToAll(): number {
    return [...this.#probes.values()].filter((times) => times === this.#size).length;
  }

  /** Whether the probe reached every client. */
  isDelivered(probe: number): boolean {
    return this.#probes.get(probe) === this.#size;
  }

  /** Returns false when the time is over before the condition holds, which is checked with every message. */
  until(milliseconds: number, holds: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const timer = Number.isFinite(milliseconds)
        ? setTimeout(() => this.#finish(() => resolve(false)), milliseconds)
        : undefined;
      this.#check = () => {
        if (this.#broke) this.#finish(() => reject(this.#broke!), timer);
        else if (holds()) this.#finish(() => resolve(true), timer);
      };
      this.#check();
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers) watcher.close();
  }

  #finish(act: () => void, timer?: NodeJS.Timeout): void {
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
