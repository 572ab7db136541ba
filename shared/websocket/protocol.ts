import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import {
  CloseCode,
  handleProtocols,
  makeServer,
  MessageType,
  parseMessage,
  type Message,
  type ServerOptions,
  type SubscribePayload,
} from 'graphql-ws';
import type { Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import { recordFault } from '../errors/index.js';
import { OperationOrder } from './operation-order.js';

/** A client that does not answer a ping until the next one is sent is disconnected, also if its connection still looks open. */
const PING_EVERY_MS = 12_000;
/** RFC 6455, section 7.4.1: the data are not what the type of the message says. */
const INCONSISTENT_DATA = 1007;
const MESSAGE_TOO_BIG = 1009;
/** Until the client is known; a token fits. */
const LARGEST_FIRST_MESSAGE_BYTES = 16 * 1024;
const FIRST_TOO_BIG = 'Before connection_ack a message may have at most 16 KiB';
/** As the library writes it. */
const ACKNOWLEDGED = `{"type":"${MessageType.ConnectionAck}"`;
const ID_IN_USE = 'The id of this subscribe message is in use';

const sizes = new WeakMap<SubscribePayload, number>();

/** Bytes of the message that holds this payload. */
export function sizeOf(payload: SubscribePayload): number {
  return sizes.get(payload) ?? 0;
}

/** The part of a socket that each of its operations knows. */
export interface Connection {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly operations: OperationOrder;
}

/** A server of WebSockets for connections that somebody else accepted. */
export function webSocketServer(largestMessageBytes: number): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    // Off, also because some callers write frames themselves; between servers it costs more than it saves.
    perMessageDeflate: false,
    maxPayload: largestMessageBytes,
    handleProtocols,
  });
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
  const protocol = makeServer(noticingEnds(options));
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    // A broken frame or a message that is too long; ws closes the socket with the code for it.
    socket.on('error', (err) =>
      recordFault(log, 'a WebSocket of a client failed', { err }, 'info'),
    );
    const failed = (err: unknown) => {
      recordFault(log, 'fault on a WebSocket', { err });
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    };
    let handle = (_message: Message) => Promise.resolve();
    const operations = new OperationOrder({
      run: (message) => handle(message),
      refuse: () => socket.close(CloseCode.SubscriberAlreadyExists, ID_IN_USE),
    });
    let isAcknowledged = false;
    const stopPinging = pingRegularly(socket);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => {
          isAcknowledged ||= text.startsWith(ACKNOWLEDGED);
          return send(socket, text);
        },
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) => {
          // The library takes a message that was parsed already, though its types say text.
          handle = (message) => receive(message as unknown as string);
        },
      },
      { socket, request, operations } as Connection as Extra,
    );
    socket.on('message', (data, isBinary) => {
      if (!isAcknowledged && (data as Buffer).length > LARGEST_FIRST_MESSAGE_BYTES) {
        socket.close(MESSAGE_TOO_BIG, FIRST_TOO_BIG);
        return;
      }
      const message = readMessage(socket, data as Buffer, isBinary);
      if (message) operations.receive(message).catch(failed);
    });
    socket.once('close', (code, reason) => {
      stopPinging();
      operations.close();
      closed(code, String(reason)).catch(failed);
    });
  });
}

/** The library reports the end of an operation before it sends it, and forgets the id after that. */
function noticingEnds<Extra extends Connection>(
  options: ServerOptions<Record<string, unknown>, Extra>,
): typeof options {
  return {
    ...options,
    onError: (context, id, ...error) => {
      context.extra.operations.ended(id);
      return options.onError?.(context, id, ...error);
    },
    onComplete: (context, id, ...operation) => {
      context.extra.operations.ended(id);
      return options.onComplete?.(context, id, ...operation);
    },
  };
}

/** Undefined for what is no message of the protocol: its socket closes. */
function readMessage(socket: WebSocket, data: Buffer, isBinary: boolean): Message | undefined {
  // The ws package has looked at texts already.
  if (isBinary && !isUtf8(data)) {
    socket.close(INCONSISTENT_DATA, 'Messages must be UTF-8');
    return undefined;
  }
  try {
    const message = parseMessage(data.toString());
    if (message.type === MessageType.Subscribe) sizes.set(message.payload, data.length);
    return message;
  } catch {
    socket.close(CloseCode.BadRequest, 'Invalid message received');
    return undefined;
  }
}

/** Also resolves when it could not be sent: the socket closes then, which notifies its users. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  });
}

function pingRegularly(socket: WebSocket): () => void {
  let hasPong = true;
  socket.on('pong', () => (hasPong = true));
  const timer = setInterval(() => {
    if (!hasPong) socket.terminate();
    hasPong = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, PING_EVERY_MS);
  return () => clearInterval(timer);
}
