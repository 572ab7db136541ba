import type { Logger } from 'pino';
import pg from 'pg';
import type { Outbox, OutboxEvent } from './outbox.js';
import type { Position } from './cursor.js';

/** NOTIFY is only a wake-up and can be lost; this is how late a change is noticed then. */
const LOOK_ANYWAY_MS = 5_000;
const RECONNECT_MS = 500;
const PAGE = 500;

type Listener = (events: OutboxEvent[]) => void;

/**
 * Follows the end of one outbox for all watchers of this process: one connection listens, one reader reads from its
 * position. Reading only happens while somebody watches.
 */
export class Tail {
  readonly #databaseUrl: string;
  readonly #outbox: Outbox;
  readonly #log: Logger;
  readonly #listeners = new Set<Listener>();
  #position: Position | undefined;
  #draining: Promise<void> | undefined;
  #again = false;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(databaseUrl: string, outbox: Outbox, log: Logger) {
    this.#databaseUrl = databaseUrl;
    this.#outbox = outbox;
    this.#log = log;
  }

  async start(): Promise<void> {
    await this.#listen();
    this.#timer = setInterval(() => this.#wake(), LOOK_ANYWAY_MS);
    this.#timer.unref();
  }

  /**
   * Calls the listener with every page of events behind the returned position, none left out, none twice. The position
   * and the first call belong together: nothing can be read between them, because pages are handed out synchronously.
   */
  async follow(listener: Listener): Promise<{ from: Position; stop: () => void }> {
    if (this.#listeners.size === 0) {
      // Nobody watched: whatever was committed since the last look is not news to anyone.
      await this.#draining;
      if (this.#listeners.size === 0) this.#position = undefined;
    }
    const head = this.#position ? undefined : await this.#outbox.head();
    // Two first watchers may both have asked; the earlier answer stands, it is only further back.
    this.#position ??= head!;
    const from = this.#position;
    this.#listeners.add(listener);
    this.#wake();
    return { from, stop: () => void this.#listeners.delete(listener) };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#listeners.clear();
    await this.#draining;
    await this.#client?.end();
  }

  #wake(): void {
    if (this.#closed || this.#listeners.size === 0) return;
    this.#again = true;
    this.#draining ??= this.#drain().finally(() => (this.#draining = undefined));
  }

  async #drain(): Promise<void> {
    while (this.#again && !this.#closed && this.#position) {
      this.#again = false;
      try {
        const events = await this.#outbox.read(this.#position, PAGE);
        if (events.length === 0) continue;
        this.#position = events.at(-1)!.position;
        this.#again = true;
        for (const listener of this.#listeners) listener(events);
      } catch (error) {
        this.#log.warn({ err: error }, 'events could not be read; trying again shortly');
        return;
      }
    }
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#databaseUrl });
    client.on('notification', () => this.#wake());
    client.on('error', () => undefined); // 'end' follows
    client.on('end', () => {
      if (this.#closed) return;
      setTimeout(() => void this.#reconnect(), RECONNECT_MS).unref();
    });
    await client.connect();
    await client.query('LISTEN outbox');
    this.#client = client;
    this.#wake();
  }

  async #reconnect(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.#listen();
    } catch {
      setTimeout(() => void this.#reconnect(), RECONNECT_MS).unref();
    }
  }
}
