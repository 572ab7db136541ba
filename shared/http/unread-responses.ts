import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections are looked at once in this, or more often for a shorter limit. */
const LOOK_EVERY_MS = 1_000;
const LOOKS_PER_LIMIT = 4;

/** Node's count of bytes that it gave to the system. Not documented; the timeout of its sockets looks at the same. */
interface Handle {
  /** With those that still wait here. */
  bytesWritten: number;
  /** That wait here until the client reads. */
  writeQueueSize: number;
}

interface Unread {
  sent: number;
  since: number;
}

/**
 * Closes connections whose client does not read its responses: nothing of what waits for it could be sent within the limit.
 * However slowly a client reads, it is not closed as long as it does. The timeout of Node's sockets would not do: it is
 * put off by what a client sends, and closes streams on which nothing happens.
 */
export function closeUnread(server: Server, limitMs: number): void {
  const connections = new Map<Socket, Unread | undefined>();
  server.on('connection', (socket: Socket) => {
    if (connections.has(socket)) return;
    connections.set(socket, undefined);
    socket.once('close', () => connections.delete(socket));
  });
  const look = () => {
    const now = performance.now();
    for (const [socket, before] of connections) {
      const sent = sentWhileMoreWaits(socket);
      if (sent === undefined) {
        if (before) connections.set(socket, undefined);
      } else if (before?.sent !== sent) connections.set(socket, { sent, since: now });
      else if (now - before.since >= limitMs) socket.resetAndDestroy();
    }
  };
  const looking = setInterval(look, Math.min(LOOK_EVERY_MS, limitMs / LOOKS_PER_LIMIT)).unref();
  server.once('close', () => clearInterval(looking));
}

/** Bytes that the system took; undefined when none waits. */
function sentWhileMoreWaits(socket: Socket): number | undefined {
  const { _handle: handle } = socket as { _handle?: Handle | null };
  if (!handle || handle.writeQueueSize === 0) return undefined;
  return handle.bytesWritten - handle.writeQueueSize;
}
