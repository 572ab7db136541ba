import { once } from 'node:events';
import type { WebSocketServer } from 'ws';

/** RFC 6455: "going away"; graphql-ws clients connect again. */
const GOING_AWAY = 1001;
/** How long a client may take to say goodbye. */
const GOODBYE_MS = 1_000;

/** Tells every client that this server ends, and cuts those who do not answer. */
export async function closeSockets(server: WebSocketServer): Promise<void> {
  const sockets = [...server.clients];
  const cut = setTimeout(() => {
    for (const socket of sockets) socket.terminate();
  }, GOODBYE_MS);
  await Promise.all(
    sockets.map(async (socket) => {
      const closed = once(socket, 'close');
      socket.close(GOING_AWAY, 'The hub restarts or ends; connect again');
      await closed;
    }),
  );
  clearTimeout(cut);
  server.close();
}
