import type { GraphQLFormattedError } from 'graphql';

/** Why a running subscription ends early, as its client is told. */
export class SubscriptionFailed extends Error {
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors[0]?.message ?? 'The subscription failed.');
    this.errors = errors;
  }
}
