import type { WebSocketServer } from 'ws';
import { goAway } from '../../../shared/websocket/go-away.js';
import { inSlices } from '../../lifecycle/slices.js';

/** Tells every client that this server ends, one after the other in this time, and cuts those who do not answer. */
export async function closeSockets(server: WebSocketServer, spreadMs: number): Promise<void> {
  await inSlices([...server.clients], spreadMs, goAway);
  // Those that were about to open when this began.
  await Promise.all([...server.clients].map(goAway));
  server.close();
}
