import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { GraphQLFormattedError } from 'graphql';
import type { Subscriber, Message } from '../sharing/index.js';

/** A client this far behind is closed: its data is stale, and its messages fill the gateway's memory. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
/** Messages up to this size are copied into one text for each client; all clients share the buffer of a larger one. */
const MAX_COPIED_BYTES = 16 * 1024;
/** Retryable for graphql-ws clients: they reconnect, and resume where they send a cursor. */
const TOO_SLOW = 4408;

/**
 * Writes `next` messages of one subscription directly to its connection: a WebSocket frame consists of a header, a prefix of this
 * subscription, and the body that all subscribers share. This is possible because compression is off, so that the ws package
 * writes whole frames at once and ours fall between them. graphql-ws handles the rest of the protocol.
 */
export class WebSocketSubscriber implements Subscriber {
  /** In `latin1`, one character for each byte, like everything that is written here. */
  readonly #prefix: string;
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
    const prefix = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    this.#prefix = Buffer.from(prefix).toString('latin1');
    this.#socket = socket;
    this.#connection = connection;
    this.#onEnd = onEnd;
    this.#onTooSlow = onTooSlow;
  }

  deliver(messages: readonly Message[]): void {
    if (this.#socket.readyState !== this.#socket.OPEN || !this.#connection.writable) return;
    this.#write(messages);
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) {
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

  /** Writes all messages at once, if none is large: the system call is most of the cost of a message. */
  #write(messages: readonly Message[]): void {
    let text = '';
    for (const message of messages) {
      const { length } = message.bytes;
      text += frameHeader(this.#prefix.length + length + 1) + this.#prefix;
      if (length <= MAX_COPIED_BYTES) {
        text += message.text;
      } else {
        this.#connection.write(text, 'latin1');
        this.#connection.write(message.bytes);
        text = '';
      }
      text += '}';
    }
    this.#connection.write(text, 'latin1');
  }
}

/** A final text frame without a mask, RFC 6455 section 5.2. */
const FINAL_TEXT = 0x81;

function frameHeader(length: number): string {
  if (length < 126) return String.fromCharCode(FINAL_TEXT, length);
  if (length < 0x10000) return String.fromCharCode(FINAL_TEXT, 126, length >> 8, length & 0xff);
  const header = Buffer.alloc(10);
  header[0] = FINAL_TEXT;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header.toString('latin1');
}
