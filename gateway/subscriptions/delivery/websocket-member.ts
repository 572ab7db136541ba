import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { GraphQLFormattedError } from 'graphql';
import type { Member, Message } from '../sharing/message.js';

/** A client that reads slower than this much behind is closed: it has a stale picture, and its messages fill our memory. */
const MOST_BUFFERED_BYTES = 4 * 1024 * 1024;
/** Retryable for graphql-ws clients: they come back, and resume where they name a cursor. */
const TOO_SLOW = 4408;

/**
 * Writes `next` messages of one subscription straight to its connection: a WebSocket frame is a header, a prefix of this
 * subscription, and the body all members share. Possible because compression is off, so that the ws package writes whole
 * frames at once and ours fall between them. Everything else of the protocol stays with graphql-ws.
 */
export class WebSocketMember implements Member {
  readonly #prefix: Buffer;
  readonly #socket: WebSocket;
  readonly #connection: Duplex;
  readonly #onEnd: (errors?: readonly GraphQLFormattedError[]) => void;
  readonly #onTooSlow: () => void;

  constructor(
    id: string,
    socket: WebSocket,
    connection: Duplex,
    onEnd: (errors?: readonly GraphQLFormattedError[]) => void,
    onTooSlow: () => void,
  ) {
    this.#prefix = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    this.#socket = socket;
    this.#connection = connection;
    this.#onEnd = onEnd;
    this.#onTooSlow = onTooSlow;
  }

  deliver(messages: readonly Message[]): void {
    if (this.#socket.readyState !== this.#socket.OPEN || !this.#connection.writable) return;
    this.#connection.cork();
    for (const message of messages) this.#write(message.bytes);
    this.#connection.uncork();
    if (this.#socket.bufferedAmount > MOST_BUFFERED_BYTES) {
      this.#socket.close(
        TOO_SLOW,
        'More than 4 MiB wait for this client: read faster, then resume',
      );
      this.#onTooSlow();
      this.#onEnd(); // closing takes until the client reads, if ever
    }
  }

  end(errors?: readonly GraphQLFormattedError[]): void {
    this.#onEnd(errors);
  }

  #write(body: Buffer): void {
    const length = this.#prefix.length + body.length + 1;
    this.#connection.write(frameHeader(length));
    this.#connection.write(this.#prefix);
    this.#connection.write(body);
    this.#connection.write(CLOSING_BRACE);
  }
}

const CLOSING_BRACE = Buffer.from('}');
/** A final text frame, RFC 6455 section 5.2; from a server, without a mask. */
const FINAL_TEXT = 0x81;

function frameHeader(length: number): Buffer {
  if (length < 126) return Buffer.from([FINAL_TEXT, length]);
  if (length < 0x10000) {
    const header = Buffer.from([FINAL_TEXT, 126, 0, 0]);
    header.writeUInt16BE(length, 2);
    return header;
  }
  const header = Buffer.alloc(10);
  header[0] = FINAL_TEXT;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
