import type { GraphQLFormattedError } from 'graphql';

export interface SubscriptionResult {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/** One result of a group, serialised once for all who get it. */
export class Message {
  readonly result: SubscriptionResult;
  /** The place in the stream of changes behind this message; undefined where the stream has none. */
  readonly cursor: string | undefined;
  readonly bytes: Buffer;

  constructor(result: SubscriptionResult, cursor: string | undefined) {
    this.result = result;
    this.cursor = cursor;
    this.bytes = Buffer.from(JSON.stringify(result));
  }
}

/** One who watches. */
export interface Member {
  deliver(messages: readonly Message[]): void;
  /** Nothing follows. With errors the subscription failed, without it is complete. */
  end(errors?: readonly GraphQLFormattedError[]): void;
}
