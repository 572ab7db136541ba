import type { IncomingMessage } from 'node:http';
import { CloseCode, makeServer, type ServerOptions } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket, WebSocketServer } from 'ws';

/** A client that does not answer a ping until the next one is gone, also if its connection still looks open. */
const PING_EVERY_MS = 12_000;

/** What every operation of a socket knows of it. */
export interface Connection {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/**
 * Binds graphql-ws to the sockets of a server, as its own adapter for the ws package does, except that faults go to our
 * log: that one writes them, with what a client sent, to the console.
 */
export function speakGraphql<Extra extends Connection>(
  options: ServerOptions<Record<string, unknown>, Extra>,
  sockets: WebSocketServer,
  log: Logger,
): void {
  const protocol = makeServer(options);

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    // A broken frame or a message that is too long; ws closes the socket with the code for it.
    socket.on('error', (error) => log.info({ err: error }, 'a WebSocket of a client failed'));
    const stopPinging = pingRegularly(socket);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          socket.on('message', (data) => {
            receive((data as Buffer).toString()).catch((error: unknown) => {
              log.error({ err: error }, 'fault in the gateway');
              socket.close(CloseCode.InternalServerError, 'Internal server error');
            });
          }),
      },
      { socket, request } as Extra,
    );
    socket.once('close', (code, reason) => {
      stopPinging();
      void closed(code, String(reason));
    });
  });
}

function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) resolve();
    else socket.send(text, (error) => (error ? reject(error) : resolve()));
  });
}

function pingRegularly(socket: WebSocket): () => void {
  let isAnswered = true;
  socket.on('pong', () => (isAnswered = true));
  const timer = setInterval(() => {
    if (!isAnswered) socket.terminate();
    isAnswered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, PING_EVERY_MS);
  return () => clearInterval(timer);
}
