import type { GraphQLFormattedError } from 'graphql';

/** How much the gateway carries for watchers, so that one client or one mistake cannot take what all need. */
export interface SubscriptionLimits {
  /** Operations under way on one WebSocket; subscriptions on one reserved event stream. */
  perConnection: number;
  /** Subscriptions of all callers whose rights are the same. */
  perClaimSet: number;
  /** Different subscriptions of one subject: each has its own stream and is executed for every change. */
  differentPerSubject: number;
  /** The same for the role `service`. */
  differentPerService: number;
  /** Event streams that are reserved and not yet connected. */
  reservedStreams: number;
  /** Of these, streams of one subject, so that no caller takes those of all. */
  reservedStreamsPerSubject: number;
  /** How long such a one is kept. */
  reservedStreamMs: number;
}

/**
 * The defaults, all of them. A control-room screen has about ten different subscriptions; a claim set that 10,000 share is a
 * whole Land watching. A different subscription takes up to 5 ms of the event loop for each change it delivers, so 50 delay
 * others by a quarter of a second.
 */
export const SUBSCRIPTION_LIMITS: SubscriptionLimits = {
  perConnection: 100,
  perClaimSet: 10_000,
  differentPerSubject: 50,
  differentPerService: 200,
  reservedStreams: 1_000,
  reservedStreamsPerSubject: 10,
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

export function tooManyDifferent(most: number): GraphQLFormattedError {
  return tooMuch(
    `A caller may have ${most} different subscriptions under way, and this would be one more. End some, or watch the same with equal text and variables: then it counts once, however often it is opened.`,
  );
}

export function tooManyReserved({ reservedStreams }: SubscriptionLimits): string {
  return `${reservedStreams} event streams are reserved and not connected, and more are refused. Connect those you have, or try again in a minute.`;
}

export function tooManyReservedBySubject({
  reservedStreamsPerSubject: most,
}: SubscriptionLimits): string {
  return `A caller may have ${most} event streams reserved and not connected, and this would be one more. Connect those you have, or try again in a minute.`;
}

function tooMuch(message: string): GraphQLFormattedError {
  return { message, extensions: { code: 'TOO_MUCH' } };
}
