import type pg from 'pg';
import type { Logger } from 'pino';
import { closeSession, HeldSession, openSession } from '../database/index.js';
import { recordFault } from '../errors/index.js';
import type { Outbox, OutboxEvent } from './outbox.js';
import { WHOLE_COMMIT, type Position } from './cursor.js';

/** NOTIFY is only a wake-up and can be lost; this is how late a change is noticed then. */
const LOOK_ANYWAY_MS = 5_000;
const PAGE = 500;

/** Says that every event up to the cursor has been delivered. */
export interface Mark {
  /** Of the end of a commit, so it reveals nothing, not even whether an event was written since the mark before. */
  cursor: string;
  at: Date;
}

interface Listener {
  /** Receives a page of events, in order. */
  events(events: OutboxEvent[]): void;
  mark(mark: Mark): void;
}

/**
 * Follows the end of one outbox for all watchers of this process: one connection listens, one reader reads from its
 * position. Reading only happens while somebody watches.
 */
export class Tail {
  readonly #databaseUrl: string;
  readonly #outbox: Outbox;
  readonly #log: Logger;
  readonly #now: () => Date;
  readonly #listeners = new Set<Listener>();
  /** The listeners that get a mark once all events that are committed now have been delivered. */
  readonly #dueMarks = new Set<Listener>();
  #position: Position | undefined;
  /** The last reading; it may have ended. */
  #reading: Promise<void> | undefined;
  #isReading = false;
  #again = false;
  #listening: HeldSession | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(databaseUrl: string, outbox: Outbox, log: Logger, now = () => new Date()) {
    this.#databaseUrl = databaseUrl;
    this.#outbox = outbox;
    this.#log = log;
    this.#now = now;
  }

  /** Resolves when the first connection listens. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#listening = new HeldSession({
        open: async (signal) => {
          const session = await this.#listen(signal);
          resolve();
          return session;
        },
        failed: (err) => recordFault(this.#log, 'no connection for notifications', { err }, 'warn'),
      });
    });
    this.#timer = setInterval(() => this.#wake(), LOOK_ANYWAY_MS);
    this.#timer.unref();
  }

  /**
   * Calls the listener with every page of events behind the returned position, none left out, none twice. The position
   * and the first call belong together: nothing can be read between them, because pages are handed out synchronously.
   */
  async follow(
    listener: Listener,
  ): Promise<{ from: Position; requestMark: () => void; stop: () => void }> {
    if (this.#listeners.size === 0) {
      // Nobody watched: whatever was committed since the last look is not news to anyone.
      await this.#reading;
      if (this.#listeners.size === 0) this.#position = undefined;
    }
    const head = this.#position ? undefined : await this.#outbox.head();
    // Two first watchers may both have asked; the earlier answer stands, it is only further back.
    this.#position ??= head!;
    const from = this.#position;
    this.#listeners.add(listener);
    this.#wake();
    return {
      from,
      requestMark: () => {
        this.#dueMarks.add(listener);
        this.#wake();
      },
      stop: () => {
        this.#listeners.delete(listener);
        this.#dueMarks.delete(listener);
      },
    };
  }

  /** Gives every listener a mark, called by a timer alone: a mark after an event would reveal the event to those who may not see it. */
  markAll(): void {
    for (const listener of this.#listeners) this.#dueMarks.add(listener);
    this.#wake();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#listeners.clear();
    this.#dueMarks.clear();
    await this.#reading;
    const session = await this.#listening?.stop();
    if (session) await closeSession(session);
  }

  #wake(): void {
    if (this.#closed || this.#listeners.size === 0) return;
    this.#again = true;
    if (!this.#isReading) this.#reading = this.#read();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      while (this.#again && !this.#closed && this.#position) {
        this.#again = false;
        const events = await this.#outbox.read(this.#position, PAGE);
        if (events.length > 0) {
          this.#position = events.at(-1)!.position;
          this.#again = true;
          for (const listener of this.#listeners) listener.events(events);
        }
        // A full page may end in the middle of a commit.
        if (events.length < PAGE) this.#deliverMarks(this.#position);
      }
    } catch (error) {
      recordFault(this.#log, 'events could not be read; trying again', { err: error }, 'warn');
    } finally {
      // In the step that found nothing more to read: a wake-up after it begins to read again.
      this.#isReading = false;
    }
  }

  #deliverMarks({ pos }: Position): void {
    if (this.#dueMarks.size === 0) return;
    const mark = { cursor: this.#outbox.cursorOf({ pos, seq: WHOLE_COMMIT }), at: this.#now() };
    for (const listener of this.#dueMarks) listener.mark(mark);
    this.#dueMarks.clear();
  }

  async #listen(signal: AbortSignal): Promise<pg.Client> {
    const session = await openSession(this.#databaseUrl, {
      applicationName: 'vierblatt notifications',
      signal,
    });
    session.on('notification', () => this.#wake());
    try {
      await session.query('LISTEN outbox');
    } catch (error) {
      await closeSession(session);
      throw error;
    }
    // Events were committed while nobody listened.
    this.#wake();
    return session;
  }
}
