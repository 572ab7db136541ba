/** GraphQL over WebSocket (graphql-transport-ws), as servers speak it. */
export { goAway } from './go-away.js';
export { type Connection, sizeOf, speakGraphql, webSocketServer } from './protocol.js';
