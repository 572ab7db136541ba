import type { ServerResponse } from 'node:http';
import type { Cancellation } from '../../../shared/cancellation/index.js';
import { setImmediate as nextTick } from 'node:timers/promises';
import { atInstant } from './expiry.js';

/** Time for the last messages of its subscriptions, which end with their tokens, before the stream itself ends. */
const LAST_MESSAGES_MS = 1_000;
/** The latest instant that a Date can represent. */
const END_OF_TIME_MS = 8.64e15;

/** A connection, or the reservation of one, for the results of one or more operations. */
export class EventStream {
  /** Active subscriptions. */
  subscriptions = 0;
  /** Of the queries that were sent over it and have no response yet. */
  readonly queries = new Set<Cancellation>();
  /** Each ends one subscription. */
  readonly onClose = new Set<() => void>();
  /** The last action for each operation id; the next one begins when it has ended. */
  readonly #lastById = new Map<string, Promise<unknown>>();
  #isClosed = false;
  #endsAt = 0;
  #response: ServerResponse | undefined;
  /** Messages from before the client connected. */
  #held: Buffer[] = [];

  /** Bytes that wait for the client to read them. */
  get waiting(): number {
    return (
      this.#response?.writableLength ?? this.#held.reduce((sum, { length }) => sum + length, 0)
    );
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Ends its subscriptions when the connection has closed, also those that were prepared meanwhile. */
  close(): void {
    this.#isClosed = true;
    for (const end of [...this.onClose]) end();
  }

  /**
   * Runs the actions for one operation id one after the other. A client may end an operation while it is being prepared, and
   * reuse its id; the protocol library would then run both and lose one.
   */
  async inOrder<Result>(id: string, act: () => Promise<Result>): Promise<Result> {
    const before = this.#lastById.get(id) ?? Promise.resolve();
    const result = before.then(act);
    // The library completes its work after its response within one tick of the event loop.
    const last = result.then(
      () => nextTick(),
      () => nextTick(),
    );
    this.#lastById.set(id, last);
    void last.then(() => {
      if (this.#lastById.get(id) === last) this.#lastById.delete(id);
    });
    return result;
  }

  /** Called when the head is written and events may follow. */
  open(response: ServerResponse): void {
    this.#response = response;
    response.once('close', () => {
      for (const query of this.queries) query.cancel();
    });
    for (const bytes of this.#held.splice(0)) response.write(bytes);
  }

  write(bytes: Buffer): void {
    if (!this.#response) this.#held.push(bytes);
    // A response is `writable` even after it has ended.
    else if (!this.#response.writableEnded && !this.#response.destroyed)
      this.#response.write(bytes);
  }

  /** Extends the stream to the expiry of a token: each request for a reserved stream has a token of its own. */
  extendUntil(expiresAt: Date): void {
    const endsAt = Math.min(expiresAt.getTime() + LAST_MESSAGES_MS, END_OF_TIME_MS);
    this.#endsAt = Math.max(this.#endsAt, endsAt);
  }

  /** Calls back when all its tokens have expired. Returns a function that cancels the call. */
  whenExpired(call: () => void): () => void {
    const awaited = this.#endsAt;
    let cancel = atInstant(new Date(awaited), () => {
      if (this.#endsAt > awaited) cancel = this.whenExpired(call);
      else call();
    });
    return () => cancel();
  }
}
