import { once } from 'node:events';
import type { WebSocket } from 'ws';

/** RFC 6455: "going away"; graphql-ws clients connect again. */
const ENDPOINT_LEAVES = 1001;
/** How long the other side may take to confirm. */
const CONFIRM_MS = 1_000;

/** Tells the other side of a socket that this service ends, and cuts the socket when nobody confirms. */
export async function closeForRestart(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const closed = once(socket, 'close');
  const cut = setTimeout(() => socket.terminate(), CONFIRM_MS);
  socket.close(ENDPOINT_LEAVES, 'The hub restarts or ends; connect again');
  await closed;
  clearTimeout(cut);
}
