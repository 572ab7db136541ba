/** GraphQL over WebSocket (graphql-transport-ws), as servers speak it. */
export { closeForRestart } from './close-for-restart.js';
export { type Connection, sizeOf, speakGraphql, webSocketServer } from './protocol.js';
