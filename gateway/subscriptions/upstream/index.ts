/** Subscriptions to subgraphs. */
export { type ReceivedCursor, UpstreamSession } from './upstream-session.js';
export { Upstreams } from './upstreams.js';
