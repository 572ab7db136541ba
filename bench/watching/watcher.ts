import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { clientFrame, CLOSE, eachFrame, PING, PONG, TEXT, upgradeRequest } from './frames.js';

export interface WatchTarget {
  endpoint: string;
  token: string;
  query: string;
}

export interface Ear {
  /** Began at this time, in µs of the clock of events. */
  event(micros: number): void;
  probe(number: number): void;
  broke(error: Error): void;
}

const HEAD_END = '\r\n\r\n';
const BODY = Buffer.from('"body":"');
const T = 'T'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);
const QUOTE = '"'.charCodeAt(0);
/** All sockets read into it, one at a time; what a socket does not use up at once is copied. */
const READ = Buffer.allocUnsafeSlow(256 * 1024);

/**
 * One subscriber with a connection of its own, in as few steps as can be: thousands of these must cost less than the
 * gateway that is measured. It looks for the time in a message and reads nothing else of it.
 */
export class Watcher {
  readonly #socket: Socket;
  readonly #watched: WatchTarget;
  readonly #ear: Ear;
  readonly #subscribed: () => void;
  #left: Buffer | undefined;
  #state: 'upgrading' | 'greeting' | 'subscribed' = 'upgrading';
  #closed = false;

  constructor(watched: WatchTarget, ear: Ear, subscribed: () => void) {
    this.#watched = watched;
    this.#ear = ear;
    this.#subscribed = subscribed;
    const { host, hostname, port, pathname } = new URL(watched.endpoint);
    const callback = (length: number) => {
      this.#received(READ.subarray(0, length));
      return true;
    };
    this.#socket = connect({
      host: hostname,
      port: Number(port),
      onread: { buffer: READ, callback },
    });
    this.#socket.once('error', (error) => this.#broke(error));
    this.#socket.once('close', () => this.#broke(new Error('The gateway hung up.')));
    this.#socket.write(upgradeRequest(host, pathname));
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #received(chunk: Buffer): void {
    const bytes = this.#left ? Buffer.concat([this.#left, chunk]) : chunk;
    const frames = this.#state === 'upgrading' ? this.#upgraded(bytes) : bytes;
    const left =
      frames && eachFrame(frames, (opcode, from, to) => this.#frame(opcode, frames, from, to));
    if (frames) this.#left = left && Buffer.from(left);
  }

  /** Returns the bytes behind the response to the upgrade; undefined until all of that response is there. */
  #upgraded(bytes: Buffer): Buffer | undefined {
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) {
      this.#left = Buffer.from(bytes);
      return undefined;
    }
    const head = bytes.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 101')) this.#broke(new Error(`No WebSocket: ${head}`));
    this.#state = 'greeting';
    const payload = { authorization: `Bearer ${this.#watched.token}` };
    this.#send({ type: 'connection_init', payload });
    return bytes.subarray(end + HEAD_END.length);
  }

  #frame(opcode: number, bytes: Buffer, from: number, to: number): void {
    if (opcode === PING) this.#socket.write(clientFrame(PONG, bytes.subarray(from, to)));
    else if (opcode === CLOSE) this.#broke(new Error(bytes.toString('utf8', from + 2, to)));
    else if (opcode === TEXT && !this.#readEvent(bytes, from, to)) this.#protocol(bytes, from, to);
  }

  #readEvent(bytes: Buffer, from: number, to: number): boolean {
    const found = bytes.indexOf(BODY, from);
    if (found < 0 || found >= to) return false;
    let at = found + BODY.length;
    const isEvent = bytes[at++] === T;
    let number = 0;
    for (; bytes[at] !== QUOTE; at++) number = number * 10 + bytes[at]! - ZERO;
    if (isEvent) this.#ear.event(number);
    else this.#ear.probe(number);
    return true;
  }

  #protocol(bytes: Buffer, from: number, to: number): void {
    const text = bytes.toString('utf8', from, to);
    const { type } = JSON.parse(text) as { type: string };
    if (type === 'connection_ack') {
      this.#state = 'subscribed';
      const payload = { query: this.#watched.query };
      this.#send({ id: randomUUID(), type: 'subscribe', payload });
      this.#subscribed();
    } else if (type === 'ping') this.#send({ type: 'pong' });
    else if (type !== 'pong') this.#broke(new Error(`Unexpected: ${text}`));
  }

  #send(message: object): void {
    this.#socket.write(clientFrame(TEXT, JSON.stringify(message)));
  }

  #broke(error: Error): void {
    if (this.#closed) return;
    this.close();
    this.#ear.broke(error);
  }
}
