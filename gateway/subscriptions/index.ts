/** Subscriptions of clients. */
export { EventStreams, WebSocketEndpoint } from './delivery/index.js';
export { SubscriptionPreparation } from './planning/index.js';
export { SUBSCRIPTION_LIMITS, SubscriptionHub, type SubscriptionLimits } from './sharing/index.js';
export { Upstreams } from './upstream/index.js';
