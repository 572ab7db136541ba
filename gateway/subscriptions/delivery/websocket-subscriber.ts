import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { GraphQLFormattedError } from 'graphql';
import type { Member, Message } from '../sharing/message.js';

/** A client that reads slower than this much behind is closed: it has a stale picture, and its messages fill our memory. */
const MOST_BUFFERED_BYTES = 4 * 1024 * 1024;
/** Messages up to this size are copied into one text for each client; larger ones stay one piece of memory for all. */
const MOST_COPIED_BYTES = 16 * 1024;
/** Retryable for graphql-ws clients: they come back, and resume where they name a cursor. */
const TOO_SLOW = 4408;

/**
 * Writes `next` messages of one subscription straight to its connection: a WebSocket frame is a header, a prefix of this
 * subscription, and the body all members share. Possible because compression is off, so that the ws package writes whole
 * frames at once and ours fall between them. Everything else of the protocol stays with graphql-ws.
 */
export class WebSocketMember implements Member {
  /** As `latin1`, one character for each byte, as everything that is written here. */
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

  /** One write for all of them, if none is large: the system call is most of what a message costs. */
  #write(messages: readonly Message[]): void {
    let text = '';
    for (const message of messages) {
      const { length } = message.bytes;
      text += frameHeader(this.#prefix.length + length + 1) + this.#prefix;
      if (length <= MOST_COPIED_BYTES) {
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

/** A final text frame, RFC 6455 section 5.2; from a server, without a mask. */
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
