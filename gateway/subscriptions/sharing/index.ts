/** Streams that several subscribers share. */
export { SubscriptionHub } from './hub.js';
export type { Message, Subscriber, SubscriptionResult } from './message.js';
export {
  SUBSCRIPTION_LIMITS,
  type SubscriptionLimits,
  tooManyOnConnection,
  tooManyReserved,
  tooManyReservedBySubject,
} from './subscription-limits.js';
