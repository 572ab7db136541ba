import type { Message } from './message.js';

/** How much a group remembers for those who join from a cursor, in bytes of its messages. */
const MOST_REMEMBERED = 256 * 1024;
/** How long: whoever was cut off is back by then, and a patient who is erased is in no message for longer. */
const LONGEST_REMEMBERED_MS = 300_000;

/** The last messages of a group, and the cursor behind which they follow each other without a gap. */
export class RecentMessages {
  readonly #now: () => number;
  #messages: Message[] = [];
  /** When each of them came. */
  #times: number[] = [];
  #size = 0;
  /** Everything up to here came before the first remembered message; undefined when that is not known. */
  #before: string | undefined;

  /** `now` is a clock in milliseconds that only goes forward. */
  constructor(startedAfter: string | undefined, now = () => performance.now()) {
    this.#before = startedAfter;
    this.#now = now;
  }

  /** A group that learns only later where it started. */
  startedAfter(cursor: string): void {
    if (this.#messages.length === 0) this.#before ??= cursor;
  }

  add(message: Message): void {
    if (message.cursor === undefined || message.hasFault) {
      // Whoever joins from before a change that could not be read whole has it read again, and is not given the failure.
      this.#messages = [];
      this.#times = [];
      this.#size = 0;
      this.#before = message.cursor;
      return;
    }
    this.#messages.push(message);
    this.#times.push(this.#now());
    this.#size += message.bytes.length;
    while (this.#size > MOST_REMEMBERED && this.#messages.length > 1) this.#forgetOldest();
  }

  /** What followed a cursor, nothing left out; undefined when that is not known here. */
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
