/** Subscriptions over WebSocket and Server-Sent Events. */
export { EventStreams } from './event-streams.js';
export { WebSocketEndpoint } from './websocket.js';
