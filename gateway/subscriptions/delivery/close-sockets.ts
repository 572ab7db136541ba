import { once } from 'node:events';
import type { WebSocket, WebSocketServer } from 'ws';
import { inSlices } from '../../operation/slices.js';

/** RFC 6455: "going away"; graphql-ws clients connect again. */
const GOING_AWAY = 1001;
/** How long a client may take to say goodbye. */
const GOODBYE_MS = 1_000;

/** Tells every client that this server ends, one after the other in this time, and cuts those who do not answer. */
export async function closeSockets(server: WebSocketServer, spreadMs: number): Promise<void> {
  await inSlices([...server.clients], spreadMs, closeSocket);
  // Those that were about to open when this began.
  await Promise.all([...server.clients].map(closeSocket));
  server.close();
}

async function closeSocket(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const closed = once(socket, 'close');
  const cut = setTimeout(() => socket.terminate(), GOODBYE_MS);
  socket.close(GOING_AWAY, 'The hub restarts or ends; connect again');
  await closed;
  clearTimeout(cut);
}
