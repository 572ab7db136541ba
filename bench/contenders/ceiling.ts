/**
 * Measures what one process can send with the ws package when there is nothing to compute: it knows of GraphQL only how its
 * clients say that they are there, and sends all of them the same bytes, as long as a message of a gateway.
 */
import { createServer } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { emitOnOrder, report } from '../canned/events.js';

const { port } = JSON.parse(process.argv[2]!) as { port: number };
const watchers = new Set<WebSocket>();
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('message', (message: Buffer) => {
    if (String(message).includes('"connection_init"')) socket.send('{"type":"connection_ack"}');
    else watchers.add(socket);
  });
  socket.once('close', () => watchers.delete(socket));
});
emitOnOrder((number, body) => {
  const message = Buffer.from(messageWith(number, body));
  for (const socket of watchers) socket.send(message, { binary: false });
});
process.on('disconnect', () => process.exit());
server.listen(port, '127.0.0.1', () => report({ ready: true }));

function messageWith(number: number, body: string): string {
  const author = { name: 'Kamil Kisch' };
  const product = { name: 'Trackball', price: 877, inStock: true };
  const reviewAdded = { id: `e${number}`, body, author, product };
  const id = '00000000-0000-4000-8000-000000000000';
  return JSON.stringify({ id, type: 'next', payload: { data: { reviewAdded } } });
}
