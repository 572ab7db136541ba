import type { ServerResponse } from 'node:http';
import type { Cancellation } from '../../../shared/cancellation/cancellation.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { atInstant } from './expiry.js';

/** So that its subscriptions, which end with their tokens, can say so before the stream itself ends. */
const LAST_WORDS_MS = 1_000;
/** The latest instant a Date can hold. */
const END_OF_TIME_MS = 8.64e15;

/** One connection, or the reservation of one, for the results of one or more operations. */
export class EventStream {
  /** Subscriptions under way on it. */
  subscriptions = 0;
  /** Of the queries that were sent over it and are not answered yet. */
  readonly queries = new Set<Cancellation>();
  /** Ends each of them. */
  readonly onClose = new Set<() => void>();
  /** What is done for each operation id; the next thing begins when the one before it has ended. */
  readonly #lastById = new Map<string, Promise<unknown>>();
  #isClosed = false;
  #endsAt = 0;
  #response: ServerResponse | undefined;
  /** What was said before the client connected. */
  #held: Buffer[] = [];

  /** How much waits for the client to read it, in bytes. */
  get waiting(): number {
    return (
      this.#response?.writableLength ?? this.#held.reduce((sum, { length }) => sum + length, 0)
    );
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The connection is gone: subscriptions on it end, also those that were prepared meanwhile. */
  close(): void {
    this.#isClosed = true;
    for (const end of [...this.onClose]) end();
  }

  /**
   * Begins and ends operations of one id one after the other. A client may end an operation while it is being prepared,
   * and use its id again; the protocol library would then run both and forget one.
   */
  async inOrder<Result>(id: string, act: () => Promise<Result>): Promise<Result> {
    const before = this.#lastById.get(id) ?? Promise.resolve();
    const result = before.then(act);
    // What the library does after its answer is done when the event loop has come round.
    const last = result.then(
      () => nextTurn(),
      () => nextTurn(),
    );
    this.#lastById.set(id, last);
    void last.then(() => {
      if (this.#lastById.get(id) === last) this.#lastById.delete(id);
    });
    return result;
  }

  /** The head is written, events may follow. */
  open(response: ServerResponse): void {
    this.#response = response;
    response.once('close', () => {
      for (const query of this.queries) query.cancel();
    });
    for (const bytes of this.#held.splice(0)) response.write(bytes);
  }

  write(bytes: Buffer): void {
    if (!this.#response) this.#held.push(bytes);
    // A response says that it is writable when it has ended long ago.
    else if (!this.#response.writableEnded && !this.#response.destroyed)
      this.#response.write(bytes);
  }

  /** Each request for a reserved stream brings a token of its own. */
  shown(expiresAt: Date): void {
    const endsAt = Math.min(expiresAt.getTime() + LAST_WORDS_MS, END_OF_TIME_MS);
    this.#endsAt = Math.max(this.#endsAt, endsAt);
  }

  /** Calls when all tokens that were shown have expired. Returns how to call it off. */
  whenExpired(call: () => void): () => void {
    const waitedFor = this.#endsAt;
    let callOff = atInstant(new Date(waitedFor), () => {
      if (this.#endsAt > waitedFor) callOff = this.whenExpired(call);
      else call();
    });
    return () => callOff();
  }
}
