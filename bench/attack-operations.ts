import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { sized } from './shortened.js';

const around = (n: number) =>
  `near: { latitude: ${47 + (n % 80) / 10}, longitude: ${6 + (n % 90) / 10}, km: ${1_000 + n} }`;
const counted = (n: number) => `places(first: 1, filter: { ${around(n)} }) { totalCount }`;
const aliased = (count: number, n: number) =>
  `{ ${Array.from({ length: count }, (_, index) => `a${n}x${index}: ${counted(n * 50 + index)}`).join(' ')} }`;

/** Operations that make a database look at everything; each is another one. */
const ATTACKS: ((n: number) => string)[] = [
  (n) => aliased(50, n),
  (n) => aliased(12, n),
  (n) => aliased(1, n),
  (n) =>
    `query A${n} { facilities(first: 1, filter: { ${around(n)}, minFree: 1 }) { totalCount } }`,
  (n) => `query A${n} { regions(level: KREIS) { beds { free statuses { facilities } } } }`,
];

export function attackBody(number: number): string {
  return JSON.stringify({ query: ATTACKS[number % ATTACKS.length]!(number) });
}

/** Longer than the gateway waits for the rest of a body. */
const LONGEST_MS = sized(45_000, 0);

/** Connections that send half a body and then nothing. */
export class SlowBodies {
  readonly #origin: URL;
  readonly #path: string;
  readonly #sockets: Socket[] = [];

  constructor(origin: string, path: string) {
    this.#origin = new URL(origin);
    this.#path = path;
  }

  open(token: string, count: number): void {
    const head = [
      `POST ${this.#path} HTTP/1.1`,
      `host: ${this.#origin.host}`,
      `authorization: Bearer ${token}`,
      'content-type: application/json',
      'content-length: 1000',
    ];
    for (let n = 0; n < count; n++) {
      const socket = connect(Number(this.#origin.port), this.#origin.hostname);
      socket.on('error', () => undefined);
      socket.resume();
      socket.write(`${head.join('\r\n')}\r\n\r\n{"query": "{ `);
      this.#sockets.push(socket);
    }
  }

  /** How many there were, and how many the hub has not closed in time. */
  async outcome(): Promise<{ opened: number; open: number }> {
    const open = () => this.#sockets.filter(({ closed }) => !closed).length;
    for (let waited = 0; waited < LONGEST_MS && open() > 0; waited += 500) await delay(500);
    return { opened: this.#sockets.length, open: open() };
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
