import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  GraphQLError,
  parse,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLFormattedError,
} from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { maskFault } from '../../faults/mask.js';
import type { ClientIdentity } from '../../identity/authentication.js';
import { closeSockets } from './close-sockets.js';
import { endingGenerator } from './ending-generator.js';
import { isSubscription } from '../planning/operation-kind.js';
import { runSingle } from './single-operation.js';
import type { StreamingEndpoint } from './streaming-endpoint.js';
import { SubscriptionFailed } from './subscription-failed.js';
import { OperationRefused } from '../planning/valid-documents.js';
import { WebSocketMember } from './websocket-member.js';

const LARGEST_MESSAGE_BYTES = 2 * 1024 * 1024;
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;

type Identified = { identity?: ClientIdentity };
type Connection = Extra & Identified;
type Connected = Context<Record<string, unknown>, Connection>;

/** Stand-ins by which graphql-ws tells the two kinds apart; what really runs is in `start`. */
const STREAM = parse('subscription { stream }');
const SINGLE = parse('query { single }');

interface Started extends ExecutionArgs {
  start(): AsyncGenerator<never, undefined, undefined> | ExecutionResult;
}

/** The graphql-transport-ws protocol, for subscriptions and everything else. */
export class WebSocketEndpoint {
  readonly #endpoint: StreamingEndpoint;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false, // WebSocketMember writes frames itself
    maxPayload: LARGEST_MESSAGE_BYTES,
  });

  constructor(endpoint: StreamingEndpoint) {
    this.#endpoint = endpoint;
    useServer<Record<string, unknown>, Identified>(
      {
        isProd: true, // no messages of faults in close reasons
        onConnect: (connected) => this.#connect(connected),
        onSubscribe: (connected, id, payload) => this.#subscribe(connected, id, payload),
        execute: (started) => (started as Started).start(),
        subscribe: (started) => (started as Started).start(),
        // Both are formatted already where they come from.
        onNext: (_connected, _id, _payload, _args, result) => result as never,
        onError: (_connected, _id, _payload, errors) => {
          const failed = errors[0]?.originalError;
          return failed instanceof SubscriptionFailed ? failed.errors : undefined;
        },
      },
      this.#server,
    );
  }

  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, connection, head, (socket) => {
      this.#server.emit('connection', socket, request);
    });
  }

  async close(): Promise<void> {
    await closeSockets(this.#server);
  }

  async #connect({ connectionParams, extra }: Connected): Promise<boolean> {
    const authorization = namedAuthorization(connectionParams);
    try {
      extra.identity = await this.#endpoint.authenticate(authorization);
      return true;
    } catch (error) {
      const code = authorization === undefined ? UNAUTHORIZED : FORBIDDEN;
      extra.socket.close(code, asCloseReason((error as Error).message));
      return false;
    }
  }

  async #subscribe(connected: Connected, id: string, payload: SubscribePayload) {
    const { schema } = this.#endpoint.preparation.supergraph;
    try {
      if (isSubscription(payload.query, payload.operationName)) {
        return { schema, document: STREAM, start: this.#stream(connected, id, payload) };
      }
      const result = await runSingle(this.#endpoint.apollo, payload, identityOf(connected.extra));
      // Without data it was not run, and the protocol has a message of its own for that.
      if (result.data === undefined) return refusal(result.errors ?? []);
      return { schema, document: SINGLE, start: () => result as ExecutionResult };
    } catch (error) {
      if (error instanceof OperationRefused) return error.errors;
      return refusal([maskFault(this.#endpoint.log, error)]);
    }
  }

  #stream({ extra }: Connected, id: string, payload: SubscribePayload) {
    const { hub, preparation } = this.#endpoint;
    const prepared = preparation.prepare(payload);
    return () => {
      let leave = () => {};
      let isOver = false;
      const { generator, finish, fail } = endingGenerator(() => leave());
      const member = new WebSocketMember(id, extra.socket, extra.request.socket, (errors) => {
        isOver = true;
        leave();
        if (errors) fail(new SubscriptionFailed(errors));
        else finish();
      });
      leave = hub.join(prepared, identityOf(extra), member);
      if (isOver) leave(); // ended by what was delivered on joining
      return generator;
    };
  }
}

/** Formatted errors as graphql-ws takes them; `onError` unpacks them. */
function refusal(errors: readonly GraphQLFormattedError[]): GraphQLError[] {
  const originalError = new SubscriptionFailed(errors);
  return [new GraphQLError(originalError.message, { originalError })];
}

function identityOf({ identity }: Connection): ClientIdentity {
  if (!identity) throw new Error('graphql-ws let a client in that was not authenticated');
  return identity;
}

/** Header names have no case, and people write this one as they write it over HTTP. */
function namedAuthorization(params: Record<string, unknown> | undefined): unknown {
  const names = Object.keys(params ?? {});
  const name = names.find((candidate) => candidate.toLowerCase() === 'authorization');
  return name === undefined ? undefined : params?.[name];
}

/** A close reason holds 123 bytes (RFC 6455, section 5.5). */
function asCloseReason(message: string): string {
  return message.length <= 120 ? message : `${message.slice(0, 117)}...`;
}
