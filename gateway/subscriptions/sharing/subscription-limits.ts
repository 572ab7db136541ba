import type { GraphQLFormattedError } from 'graphql';

/** How much the gateway carries for watchers, so that one client or one mistake cannot take what all need. */
export interface SubscriptionLimits {
  /** Operations under way on one WebSocket; subscriptions on one reserved event stream. */
  perConnection: number;
  /** Subscriptions of all callers whose rights are the same. */
  perClaimSet: number;
  /** Event streams that are reserved and not yet connected. */
  reservedStreams: number;
  /** How long such a one is kept. */
  reservedStreamMs: number;
}

/** The defaults, all of them. A control-room screen has about ten; a claim set that 10,000 share is a whole Land watching. */
export const SUBSCRIPTION_LIMITS: SubscriptionLimits = {
  perConnection: 100,
  perClaimSet: 10_000,
  reservedStreams: 1_000,
  reservedStreamMs: 60_000,
};

export function tooManyOnConnection({ perConnection }: SubscriptionLimits): GraphQLFormattedError {
  return tooMuch(
    `${perConnection} operations are under way on this connection, and more are refused. End some, or open another.`,
  );
}

export function tooManyOfClaimSet({ perClaimSet }: SubscriptionLimits): GraphQLFormattedError {
  return tooMuch(
    `${perClaimSet} subscriptions are under way with rights like these, and more are refused. Try again when some have ended.`,
  );
}

function tooMuch(message: string): GraphQLFormattedError {
  return { message, extensions: { code: 'TOO_MUCH' } };
}
