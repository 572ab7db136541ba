import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { until } from './until.js';

/** One request of a gateway to a subgraph. */
export interface RequestBody {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  extensions?: Record<string, unknown>;
}

export interface Exchange {
  headers: IncomingHttpHeaders;
  /** The unchanged body: a request, or a batch of them. */
  body: unknown;
  /** The requests of the body, one that is no batch too. */
  requests: RequestBody[];
  /** Whether the client disconnected before the response. */
  isAbandoned(): boolean;
  /** Sends the response. */
  respond(body: unknown, status?: number, headers?: OutgoingHttpHeaders): void;
  /** Responds with a text that is no JSON. */
  page(text: string, status?: number): void;
  /** Closes the connection without a response. */
  breakOff(): void;
}

const PROBE = JSON.stringify({ query: '{ __typename }' });

/** An HTTP server whose responses the test sends. */
export class ScriptedServer {
  readonly sent: Exchange[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** With `answersProbe` it responds by itself to the probe of a gateway. */
  static async open({ respondsToProbe = false } = {}): Promise<ScriptedServer> {
    const server = createServer();
    const scripted = new ScriptedServer(server);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        if (respondsToProbe && body === PROBE) {
          reply(response, '{"data":{"__typename":"Query"}}', 200, {});
          return;
        }
        const content = JSON.parse(body) as RequestBody | RequestBody[];
        scripted.sent.push({
          headers: request.headers,
          body: content,
          requests: [content].flat(),
          isAbandoned: () => response.closed && !response.writableFinished,
          respond: (result, status = 200, headers = {}) =>
            reply(response, JSON.stringify(result), status, headers),
          page: (page, status = 200) => reply(response, page, status, {}),
          breakOff: () => request.socket.destroy(),
        });
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/graphql`;
  }

  /** Waits for `count` requests. */
  async received(count: number): Promise<Exchange[]> {
    await until(() => this.sent.length >= count);
    return this.sent;
  }

  /** Closes all connections; the server goes on. */
  async closeConnections(): Promise<void> {
    this.#server.closeAllConnections();
    await until(async () => {
      const count = await new Promise<number>((resolve, reject) =>
        this.#server.getConnections((error, open) => (error ? reject(error) : resolve(open))),
      );
      return count === 0;
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function reply(
  response: ServerResponse,
  body: string,
  status: number,
  headers: OutgoingHttpHeaders,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
