import type { GraphQLFormattedError } from 'graphql';

/** The errors with which a running subscription ends. */
export class SubscriptionFailure extends Error {
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors[0]?.message ?? 'The subscription failed.');
    this.errors = errors;
  }
}
