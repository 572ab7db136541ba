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

export interface Sent {
  headers: IncomingHttpHeaders;
  /** As it came: a question, or a list of them. */
  body: any;
  /** Whether whoever asked went away before the answer. */
  isAbandoned(): boolean;
  /** Not before this it is answered. */
  answer(body: unknown, status?: number, headers?: OutgoingHttpHeaders): void;
  /** The same with a text that is no JSON. */
  page(text: string, status?: number): void;
  /** Closes the connection without an answer. */
  breakOff(): void;
}

const PROBE = JSON.stringify({ query: '{ __typename }' });

/** An HTTP server that answers when and what the test says. */
export class ScriptedServer {
  readonly sent: Sent[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** With `answersProbe` it answers by itself what a gateway asks first, to know that the subgraph is there. */
  static async open({ answersProbe = false } = {}): Promise<ScriptedServer> {
    const server = createServer();
    const scripted = new ScriptedServer(server);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        if (answersProbe && body === PROBE) {
          reply(response, '{"data":{"__typename":"Query"}}', 200, {});
          return;
        }
        scripted.sent.push({
          headers: request.headers,
          body: JSON.parse(body),
          isAbandoned: () => response.closed && !response.writableFinished,
          answer: (answer, status = 200, headers = {}) =>
            reply(response, JSON.stringify(answer), status, headers),
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

  /** Waits for so many requests. */
  async received(count: number): Promise<Sent[]> {
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
