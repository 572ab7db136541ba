import type { GraphQLFormattedError } from 'graphql';
import type { Member, Message, SubscriptionResult } from '../sharing/message.js';
import type { StreamBacklog } from './stream-backlog.js';

type Step = IteratorResult<SubscriptionResult, undefined>;

const DONE: Step = { done: true, value: undefined };
const TOO_SLOW: SubscriptionResult = {
  errors: [
    {
      message:
        'More than 4 MiB wait for this client, so the subscription ends here. Read faster, then resume with the last cursor.',
      extensions: { code: 'TOO_MUCH' },
    },
  ],
};

/** A member as an async generator, for a protocol library that pulls. Written by hand so that a waiting one hears `return()`. */
export class StreamMember implements Member, AsyncGenerator<SubscriptionResult, undefined> {
  readonly #backlog: StreamBacklog;
  #leave = () => {};
  #results: SubscriptionResult[] = [];
  #waiting: ((step: Step) => void) | undefined;
  readonly #onOver: () => void;
  readonly #onTooSlow: () => void;
  #isOver = false;

  /** `join` lets this member in and returns how to leave; `onOver` is called once. */
  constructor(
    backlog: StreamBacklog,
    join: (member: Member) => () => void,
    onOver: () => void,
    onTooSlow: () => void,
  ) {
    this.#backlog = backlog;
    this.#onOver = onOver;
    this.#onTooSlow = onTooSlow;
    const leave = join(this);
    if (this.#isOver)
      leave(); // ended by what was delivered on joining
    else this.#leave = leave;
  }

  deliver(messages: readonly Message[]): void {
    for (const message of messages) {
      if (this.#isOver) return;
      this.#backlog.add(message.bytes.length);
      if (this.#backlog.isTooLong) {
        this.#onTooSlow();
        this.cut(TOO_SLOW);
      } else {
        this.#push(message.result);
      }
    }
  }

  end(errors?: readonly GraphQLFormattedError[]): void {
    if (errors) this.#push({ errors });
    this.#finish();
  }

  /** Ends it on our side, with a last result. */
  cut(last: SubscriptionResult): void {
    if (this.#isOver) return;
    this.#push(last);
    this.#finish();
    this.#leave();
  }

  next(): Promise<Step> {
    const value = this.#results.shift();
    if (value) return Promise.resolve({ done: false, value });
    if (this.#isOver) return Promise.resolve(DONE);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  return(): Promise<Step> {
    this.#results = [];
    this.#finish();
    this.#leave();
    return Promise.resolve(DONE);
  }

  throw(error: Error): Promise<Step> {
    void this.return();
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #push(result: SubscriptionResult): void {
    if (this.#waiting) this.#answer({ done: false, value: result });
    else this.#results.push(result);
  }

  #finish(): void {
    if (!this.#isOver) this.#onOver();
    this.#isOver = true;
    this.#answer(DONE);
  }

  #answer(step: Step): void {
    this.#waiting?.(step);
    this.#waiting = undefined;
  }
}
