import { once } from 'node:events';
import type { WebSocket } from 'ws';

/** Code 1001 of RFC 6455: the endpoint leaves; graphql-ws clients connect again. */
const ENDPOINT_LEAVES = 1001;
/** How long the other side may take to confirm. */
const CONFIRM_MS = 1_000;

/** Closes a socket because this service ends, and cuts it when the other side does not confirm. */
export async function closeForRestart(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const closed = once(socket, 'close');
  const cut = setTimeout(() => socket.terminate(), CONFIRM_MS);
  socket.close(ENDPOINT_LEAVES, 'The hub restarts or ends; connect again');
  await closed;
  clearTimeout(cut);
}
