import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  execute,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import {
  tokenVerifier,
  type InternalIdentity,
  type VerifyToken,
} from '../../shared/identity/internal-tokens.js';
import { until } from './until.js';

/** The query that a gateway sends to each subgraph before it is ready. */
const PROBE = '{ __typename }';

export interface SubgraphDefinition {
  name: string;
  typeDefs: DocumentNode;
  resolvers: Record<string, unknown>;
}

export interface ReceivedRequest {
  query: string;
  variables?: Record<string, unknown>;
  caller: InternalIdentity;
}

/** A small federated subgraph with real sockets, which like a real one serves nobody but the gateway. */
export class TestSubgraph {
  readonly name: string;
  /** Queries and mutations over HTTP, in order of arrival. */
  readonly requests: ReceivedRequest[] = [];
  /** The headers of those. */
  readonly headers: IncomingHttpHeaders[] = [];
  /** Subscriptions, in order of arrival. */
  readonly subscribed: ReceivedRequest[] = [];
  readonly #schema: GraphQLSchema;
  readonly #verify: VerifyToken;
  readonly #connections = new Set<Socket>();
  #server: Server | undefined;
  #sockets!: WebSocketServer;
  #port: number;

  constructor({ name, typeDefs, resolvers }: SubgraphDefinition, dataFolder: string, port = 0) {
    this.name = name;
    this.#port = port;
    this.#schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers as never });
    this.#verify = tokenVerifier(dataFolder, name, ['gateway']);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/graphql`;
  }

  get port(): number {
    return this.#port;
  }

  /** The second time, on the port of the first. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      if (request.url === '/readyz') {
        response.end();
        return;
      }
      void this.#respond(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
    server.on('connection', (connection: Socket) => {
      this.#connections.add(connection);
      connection.once('close', () => this.#connections.delete(connection));
    });
    this.#serveSubscriptions(server);
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** As if it was killed: no client is notified. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const connection of this.#connections) connection.destroy();
    await closed;
    await until(() => this.#sockets.clients.size === 0);
  }

  async #respond(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const sent = JSON.parse(await text(request)) as ReceivedRequest | ReceivedRequest[];
    try {
      const caller = await this.#callerOf(request.headers.authorization);
      const operations = [sent].flat();
      const results = await Promise.all(
        operations.map(async (operation) => {
          // Of the gateway's first look no test wants to know.
          if (operation.query !== PROBE) {
            this.requests.push({ ...operation, caller });
            this.headers.push(request.headers);
          }
          return execute({
            schema: this.#schema,
            document: parse(operation.query),
            variableValues: operation.variables ?? {},
            contextValue: { caller },
          });
        }),
      );
      // Of a list too, as Apollo Server has it: one that is refused gives all of them its status.
      const status = results.some(({ data }) => data === undefined) ? 400 : 200;
      return { status, body: Array.isArray(sent) ? results : results[0] };
    } catch (error) {
      return { status: 401, body: { errors: [error] } };
    }
  }

  #serveSubscriptions(server: Server): void {
    this.#sockets = new WebSocketServer({ server, path: '/graphql' });
    useServer(
      {
        onConnect: async ({ connectionParams }) => {
          await this.#callerOf(connectionParams?.['authorization']);
        },
        onSubscribe: async (_connected, _id, { query, variables, extensions }) => {
          try {
            const caller = await this.#callerOf(extensions?.['authorization']);
            const document = parse(query);
            const errors = validate(this.#schema, document);
            if (errors.length > 0) return errors;
            this.subscribed.push({ query, variables: variables ?? {}, caller });
            return {
              schema: this.#schema,
              document,
              variableValues: variables ?? {},
              contextValue: { caller },
            };
          } catch (error) {
            return [error as GraphQLError];
          }
        },
      },
      this.#sockets,
    );
  }

  async #callerOf(authorization: unknown): Promise<InternalIdentity> {
    try {
      return await this.#verify(String(authorization).replace('Bearer ', ''));
    } catch {
      throw new GraphQLError('only for the gateway', { extensions: { code: 'UNAUTHENTICATED' } });
    }
  }
}
