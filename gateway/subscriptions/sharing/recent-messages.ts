import type { Message } from './message.js';

/** Bytes of messages that a group keeps for subscribers that join from a cursor. */
const MAX_REMEMBERED = 256 * 1024;
/** How long it keeps them: a disconnected client is back by then, and no message contains an erased patient for longer. */
const LONGEST_REMEMBERED_MS = 300_000;

/** The last messages of a group, and the cursor after which they follow each other without a gap. */
export class RecentMessages {
  readonly #now: () => number;
  #messages: Message[] = [];
  /** When each of them arrived. */
  #times: number[] = [];
  #size = 0;
  /** The cursor just before the first kept message; undefined when unknown. */
  #before: string | undefined;

  /** `now` is in milliseconds, of a monotonic clock. */
  constructor(startedAfter: string | undefined, now = () => performance.now()) {
    this.#before = startedAfter;
    this.#now = now;
  }

  /** Sets the cursor at which the group started, when it is known only later. */
  startedAfter(cursor: string): void {
    if (this.#messages.length === 0) this.#before ??= cursor;
  }

  add(message: Message): void {
    if (message.cursor === undefined || message.hasFault) {
      // A subscriber that joins from before an incomplete message has the change read again, and does not get the failure.
      this.#messages = [];
      this.#times = [];
      this.#size = 0;
      this.#before = message.cursor;
      return;
    }
    this.#messages.push(message);
    this.#times.push(this.#now());
    this.#size += message.bytes.length;
    while (this.#size > MAX_REMEMBERED && this.#messages.length > 1) this.#forgetOldest();
  }

  /** Returns all messages after a cursor; undefined when they are not known here. */
  after(cursor: string): readonly Message[] | undefined {
    const latest = this.#now() - LONGEST_REMEMBERED_MS;
    while (this.#times.length > 0 && this.#times[0]! < latest) this.#forgetOldest();
    const index = this.#messages.findLastIndex((message) => message.cursor === cursor);
    if (index >= 0) return this.#messages.slice(index + 1);
    return this.#before === cursor ? this.#messages.slice() : undefined;
  }

  #forgetOldest(): void {
    const oldest = this.#messages.shift()!;
    this.#times.shift();
    this.#size -= oldest.bytes.length;
    this.#before = oldest.cursor;
  }
}
