import type { GraphQLFormattedError } from 'graphql';
import { hasFault } from '../../faults/subgraph-errors.js';

export interface SubscriptionResult {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/** One result of a group, serialised once for all who get it. */
export class Message {
  /** The place in the stream of changes behind this message; undefined where the stream has none. */
  readonly cursor: string | undefined;
  readonly bytes: Buffer;
  /** Whether it lacks something that a later reading of the same change may have. */
  readonly hasFault: boolean;
  #text: string | undefined;

  constructor(result: SubscriptionResult, cursor: string | undefined) {
    this.cursor = cursor;
    this.hasFault = hasFault(result);
    this.bytes = Buffer.from(JSON.stringify(result));
  }

  /** The bytes as a string with one character for each of them, to be written as `latin1`. */
  get text(): string {
    return (this.#text ??= this.bytes.toString('latin1'));
  }
}

/** One who watches. */
export interface Member {
  /** All who are given the same messages at a time are given the same array. */
  deliver(messages: readonly Message[]): void;
  /** Nothing follows. With errors the subscription failed, without it is complete. */
  end(errors?: readonly GraphQLFormattedError[]): void;
}
