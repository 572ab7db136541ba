import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { recordFault } from '../errors/index.js';

/** Accepts a connection whose client requests a WebSocket. An error that it throws ends that connection alone. */
type AcceptWebSocket = (
  request: IncomingMessage,
  connection: Duplex,
  head: Buffer,
) => void | Promise<void>;

/** Of a connection's offer, and of nothing else. */
const OFFER_HEADERS = new Set(['upgrade', 'http2-settings']);

/** Node drops names and values beyond these from `rawHeaders`, and among them might be the length of the body. */
const MOST_HEADER_TEXTS = 2_000;

export function requestsWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** Accepts WebSockets at one path, refuses them at every other, and ignores offers of other protocols. */
export function acceptWebSockets(
  server: Server,
  path: string,
  log: Logger,
  accept: AcceptWebSocket,
): void {
  const guarded = new WeakSet<Duplex>();
  server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    if (!guarded.has(connection)) {
      guarded.add(connection);
      // Node removed its own listener before it emitted this, and an error without one ends the process.
      connection.on('error', () => connection.destroy());
    }
    afterResponse(connection, () => {
      if (!requestsWebSocket(request)) {
        respondWithoutOffer(server, request, connection, head);
        return;
      }
      const requested = pathOf(request.url ?? '');
      if (requested === undefined) {
        refuseUpgrade(connection, 400, 'BAD_REQUEST', 'The target of this request is not a path.');
      } else if (requested !== path) {
        const message = `WebSockets are served at ${path} alone, not at this path.`;
        refuseUpgrade(connection, 404, 'BAD_REQUEST', message);
      } else {
        run(accept, request, connection, head).catch((err: unknown) => {
          recordFault(log, 'a WebSocket could not be accepted', { err });
          connection.destroy();
        });
      }
    });
  });
}

/** Answers over HTTP and closes the connection, also when its client would keep its half open. */
export function refuseUpgrade(
  connection: Duplex,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string | number>> = {},
): void {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  connection.once('finish', () => connection.destroy());
  connection.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

async function run(accept: AcceptWebSocket, ...upgrade: Parameters<AcceptWebSocket>) {
  await accept(...upgrade);
}

/** Undefined for a target that is neither a path nor a URL (RFC 9112, section 3.2). */
function pathOf(target: string): string | undefined {
  if (target.startsWith('/')) return target.split(/[?#]/, 1)[0];
  return URL.canParse(target) ? new URL(target).pathname : undefined;
}

/** A pipelined request is read while the ones before it are answered; its own answer must not come between theirs. */
function afterResponse(connection: Duplex, act: () => void): void {
  const { _httpMessage: responding } = connection as { _httpMessage?: ServerResponse | null };
  if (responding) responding.once('close', () => afterResponse(connection, act));
  else if (!connection.destroyed) act();
}

/**
 * Lets the server read the request again, without the offer. Node that knows `shouldUpgradeCallback` never comes here.
 * Injecting a connection by its event is public: https://nodejs.org/api/http.html#event-connection
 */
function respondWithoutOffer(
  server: Server,
  request: IncomingMessage,
  connection: Duplex,
  head: Buffer,
): void {
  if (request.rawHeaders.length >= MOST_HEADER_TEXTS) {
    refuseUpgrade(connection, 431, 'BAD_REQUEST', 'The request has too many headers.');
    return;
  }
  connection.unshift(Buffer.concat([headWithoutOffer(request), head]));
  server.emit('connection', connection);
}

function headWithoutOffer({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const lowerCase = name.toLowerCase();
    if (OFFER_HEADERS.has(lowerCase)) continue;
    text += `${name}: ${lowerCase === 'connection' ? withoutOffer(value) : value}\r\n`;
  }
  return Buffer.from(`${text}\r\n`, 'latin1');
}

function withoutOffer(connectionOptions: string): string {
  const options = connectionOptions.split(',').map((option) => option.trim());
  return options.filter((option) => !OFFER_HEADERS.has(option.toLowerCase())).join(', ');
}
