import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from '../../testing/until.js';

/** A TCP connection that sends what no HTTP library would. */
export class RawClient {
  /** All received data, one character for each byte. */
  received = '';
  readonly socket: Socket;
  #isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text) => (this.received += String(text)));
    socket.on('error', () => {});
    socket.once('close', () => (this.#isClosed = true));
  }

  /** Keeps its half open until it is ended, as a hostile client does. */
  static async connect(origin: string): Promise<RawClient> {
    const { hostname, port } = new URL(origin);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const client = new RawClient(socket);
    await once(socket, 'connect');
    return client;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Resolves when the text has come. */
  async receive(text: string): Promise<void> {
    await until(() => this.received.includes(text));
  }

  /** Resolves when the other side has sent its end, whatever this side does. */
  async ended(): Promise<void> {
    await until(() => this.#isClosed || this.socket.readableEnded);
  }

  /** Ends the connection with a reset instead of a goodbye. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  close(): void {
    this.socket.destroy();
  }
}
