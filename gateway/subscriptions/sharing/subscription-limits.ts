import type { GraphQLFormattedError } from 'graphql';
import { MINUTE_MS } from '../../../shared/time/rules.js';

/** Limits of subscriptions, so that one client or one mistake cannot use up the resources of all. */
export interface SubscriptionLimits {
  /** Active operations on one WebSocket; subscriptions on one reserved event stream. */
  perConnection: number;
  /** Subscriptions of all callers with the same rights. */
  perClaimSet: number;
  /** Different subscriptions of one subject: each has its own stream and is executed for every change. */
  differentPerSubject: number;
  /** `differentPerSubject` for the role `service`. */
  differentPerService: number;
  /** Event streams that are reserved and not yet connected. */
  reservedStreams: number;
  /** Of these, streams of one subject, so that no caller uses up those of all. */
  reservedStreamsPerSubject: number;
  /** How long such a stream stays reserved. */
  reservedStreamMs: number;
}

/**
 * The defaults, all of them. A control-room screen has about ten different subscriptions; a claim set with 10,000
 * subscribers is a whole federal state. A different subscription takes up to 5 ms of the event loop for each change it delivers, so 50 delay
 * others by a quarter of a second.
 */
export const SUBSCRIPTION_LIMITS: SubscriptionLimits = {
  perConnection: 100,
  perClaimSet: 10_000,
  differentPerSubject: 50,
  differentPerService: 200,
  reservedStreams: 1_000,
  reservedStreamsPerSubject: 10,
  reservedStreamMs: MINUTE_MS,
};

export function tooManyOnConnection({ perConnection }: SubscriptionLimits): GraphQLFormattedError {
  return tooMuch(
    `${perConnection} operations are active on this connection, and more are refused. End some, or open another.`,
  );
}

export function tooManyOfClaimSet({ perClaimSet }: SubscriptionLimits): GraphQLFormattedError {
  return tooMuch(
    `${perClaimSet} subscriptions with these rights are active, and more are refused. Try again when some have ended.`,
  );
}

export function tooManyDifferent(most: number): GraphQLFormattedError {
  return tooMuch(
    `A caller may have ${most} different subscriptions at the same time, and this would be one more. End some, or subscribe with equal text and variables: equal subscriptions count once.`,
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
