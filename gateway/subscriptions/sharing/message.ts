import type { GraphQLFormattedError } from 'graphql';
import { hasFault } from '../../faults/index.js';

export interface SubscriptionResult {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/** One result of a group, serialised once for all subscribers. */
export class Message {
  /** The cursor after this message; undefined where the stream has none. */
  readonly cursor: string | undefined;
  /** Whether it is a mark: everything up to its cursor has been delivered. */
  readonly isMark: boolean;
  readonly bytes: Buffer;
  /** Whether it is incomplete because of a fault, so that a later read of the same change may be complete. */
  readonly hasFault: boolean;
  #text: string | undefined;

  constructor(result: SubscriptionResult, cursor: string | undefined, isMark = false) {
    this.cursor = cursor;
    this.isMark = isMark;
    this.hasFault = hasFault(result);
    this.bytes = Buffer.from(JSON.stringify(result));
  }

  /** The bytes as a string with one character for each of them, to be written as `latin1`. */
  get text(): string {
    return (this.#text ??= this.bytes.toString('latin1'));
  }
}

/** A client's end of a subscription. */
export interface Subscriber {
  /** Subscribers that get the same messages at a time get the same array. */
  deliver(messages: readonly Message[]): void;
  /** Ends the subscription: with errors it failed, without it is complete. */
  end(errors?: readonly GraphQLFormattedError[]): void;
}
