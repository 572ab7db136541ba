import type { ServerResponse } from 'node:http';
import type { Cancellation } from '../../../shared/cancellation/cancellation.js';
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
