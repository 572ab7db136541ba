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
import { refuseDeepNesting } from '../../../shared/http/nesting.js';
import {
  sizeOf,
  speakGraphql,
  webSocketServer,
  type Connection,
} from '../../../shared/websocket/protocol.js';
import { Cancellation } from '../../../shared/cancellation/cancellation.js';
import { maskFault } from '../../faults/mask.js';
import type { ClientIdentity } from '../../access/authentication/authentication.js';
import { admittedSubscription } from './subscription-admission.js';
import { callerOf, type Caller } from '../../core/caller.js';
import { feeFor } from '../../limits/limits.js';
import { traceHeaders } from '../../http/trace-headers.js';
import { closeSockets } from './close-sockets.js';
import { endingGenerator } from './ending-generator.js';
import { atInstant, TOKEN_EXPIRED, TOKEN_EXPIRED_REASON } from './expiry.js';
import { isSubscription } from '../../limits/operation-kind.js';
import { unreadableSubscription } from '../../limits/undecidable-subscription.js';
import type { PreparedSubscription } from '../planning/prepare.js';
import { runSingle } from './single-operation.js';
import { singleResult } from './single-result.js';
import type { StreamingEndpoint } from './streaming-endpoint.js';
import { SubscriptionFailed } from './subscription-failure.js';
import { OperationRefused } from '../planning/valid-documents.js';
import { tooManyOnConnection } from '../sharing/subscription-limits.js';
import { WebSocketMember } from './websocket-subscriber.js';

const LARGEST_MESSAGE_BYTES = 2 * 1024 * 1024;
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;
/** RFC 6455, section 7.4.1 and its registry; clients of graphql-ws connect again. */
const TRY_AGAIN_LATER = 1013;

type Identified = Connection & { identity?: ClientIdentity };
type Connected = Context<Record<string, unknown>, Identified>;

/** A stand-in for every operation, also of one result: graphql-ws tells a stream when its client does not want it any more. */
const STREAM = parse('subscription { stream }');

interface Started extends ExecutionArgs {
  start(): AsyncGenerator<ExecutionResult, undefined, undefined>;
}

/** The graphql-transport-ws protocol, for subscriptions and everything else. */
export class WebSocketEndpoint {
  readonly #endpoint: StreamingEndpoint;
  readonly #addressOf: (request: IncomingMessage) => string;
  /** Without compression: WebSocketMember writes frames itself. */
  readonly #server = webSocketServer(LARGEST_MESSAGE_BYTES);

  constructor(endpoint: StreamingEndpoint, addressOf: (request: IncomingMessage) => string) {
    this.#endpoint = endpoint;
    this.#addressOf = addressOf;
    speakGraphql<Identified>(
      {
        onConnect: (connected) => this.#connect(connected),
        onSubscribe: (connected, id, payload) => this.#subscribe(connected, id, payload),
        subscribe: (started) => (started as Started).start(),
        // Both are formatted already where they come from.
        onNext: (_connected, _id, _payload, _args, result) => result as never,
        onError: (_connected, _id, _payload, errors) => {
          const failed = errors[0]?.originalError;
          return failed instanceof SubscriptionFailed ? failed.errors : undefined;
        },
      },
      this.#server,
      endpoint.log,
    );
  }

  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, connection, head, (socket) => {
      this.#server.emit('connection', socket, request);
    });
  }

  async close(spreadMs: number): Promise<void> {
    await closeSockets(this.#server, spreadMs);
  }

  async #connect(connected: Connected): Promise<boolean> {
    const { connectionParams, extra } = connected;
    const authorization = namedAuthorization(connectionParams);
    try {
      const address = this.#addressOf(extra.request);
      extra.identity = await this.#endpoint.authenticate(authorization, address);
      await this.#identified(callerOf(extra.identity, address), address);
      if (extra.socket.readyState !== extra.socket.OPEN) return false;
      extra.socket.once(
        'close',
        atInstant(extra.identity.expiresAt, () => expire(connected)),
      );
      return true;
    } catch (error) {
      const code = extra.identity
        ? TRY_AGAIN_LATER
        : authorization === undefined
          ? UNAUTHORIZED
          : FORBIDDEN;
      extra.socket.close(code, asCloseReason((error as Error).message));
      return false;
    }
  }

  async #identified(caller: Caller, address: string): Promise<void> {
    const { connections, events } = this.#endpoint;
    try {
      await connections.identified(caller, address);
    } catch (error) {
      events.thrown(caller, error);
      throw error;
    }
  }

  async #subscribe(connected: Connected, id: string, sent: SubscribePayload) {
    const { admission, apollo, events, subscriptionLimits: limits, preparation } = this.#endpoint;
    const { schema } = preparation.supergraph;
    const identity = identityOf(connected.extra);
    const caller = callerOf(identity, this.#addressOf(connected.extra.request));
    if (connected.extra.operations.count > limits.perConnection) {
      events.record('limit-exceeded', caller);
      return refusal([tooManyOnConnection(limits)]);
    }
    try {
      refuseDeepNesting(sent);
      const payload = admission.resolve(sent);
      const forwarded = traceHeaders(sent.extensions);
      const spending = await admission.arrive(caller, payload.query, feeFor(sizeOf(sent)));
      if (isSubscription(payload.query, payload.operationName)) {
        const prepared = await admittedSubscription(
          this.#endpoint,
          caller,
          payload,
          identity.claims,
          forwarded,
        );
        return { schema, document: STREAM, start: this.#stream(connected, id, prepared) };
      }
      const unreadable = unreadableSubscription(schema, payload.query);
      if (unreadable) return refusal([unreadable]);
      const start = () => {
        const cancellation = new Cancellation();
        const context = {
          identity,
          caller,
          spending,
          cancellation,
          ...(forwarded && { forwarded }),
        };
        return singleResult(runSingle(apollo, payload, context), cancellation);
      };
      return { schema, document: STREAM, start };
    } catch (error) {
      events.thrown(caller, error);
      if (error instanceof OperationRefused) return error.errors;
      return refusal([maskFault(this.#endpoint.log, error)]);
    }
  }

  #stream({ extra }: Connected, id: string, prepared: PreparedSubscription) {
    const { hub, measures } = this.#endpoint;
    return () => {
      let leave = () => {};
      let isOver = false;
      const { generator, finish, fail } = endingGenerator(() => leave());
      const end = (errors?: readonly GraphQLFormattedError[]) => {
        isOver = true;
        leave();
        if (errors) fail(new SubscriptionFailed(errors));
        else finish();
      };
      const member = new WebSocketMember(id, extra.socket, extra.request.socket, end, () =>
        measures.slowClosed(),
      );
      leave = hub.join(prepared, identityOf(extra), member);
      if (isOver) leave(); // ended by what was delivered on joining
      return generator;
    };
  }
}

/** A socket has one token, so all that goes on on it ends. Not when the client says goodbye, which it may never do. */
function expire({ extra: { socket }, subscriptions }: Connected): void {
  socket.close(TOKEN_EXPIRED, TOKEN_EXPIRED_REASON);
  for (const running of Object.values(subscriptions)) {
    if (running && 'return' in running) void running.return(undefined);
  }
}

/** Formatted errors as graphql-ws takes them; `onError` unpacks them. */
function refusal(errors: readonly GraphQLFormattedError[]): GraphQLError[] {
  const originalError = new SubscriptionFailed(errors);
  return [new GraphQLError(originalError.message, { originalError })];
}

function identityOf({ identity }: Identified): ClientIdentity {
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
