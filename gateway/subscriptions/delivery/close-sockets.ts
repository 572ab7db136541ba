import type { WebSocketServer } from 'ws';
import { closeForRestart } from '../../../shared/websocket/index.js';
import { inSlices } from '../../lifecycle/index.js';

/** Closes all sockets in slices within this time, and cuts clients that do not complete the closing handshake. */
export async function closeSockets(server: WebSocketServer, spreadMs: number): Promise<void> {
  await inSlices([...server.clients], spreadMs, closeForRestart);
  // Sockets that were about to open when this began.
  await Promise.all([...server.clients].map(closeForRestart));
  server.close();
}
