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
import { refuseDeepNesting } from '../../../shared/http/index.js';
import {
  type Connection,
  sizeOf,
  speakGraphql,
  webSocketServer,
} from '../../../shared/websocket/index.js';
import { Cancellation } from '../../../shared/cancellation/index.js';
import { maskFault } from '../../faults/index.js';
import { admitSubscription } from './subscription-admission.js';
import { callerOf, type Caller, type ClientIdentity } from '../../core/index.js';
import { feeFor, isSubscription, undecidableSubscription } from '../../limits/index.js';
import { traceHeaders } from '../../http/index.js';
import { closeSockets } from './close-sockets.js';
import { endingGenerator } from './ending-generator.js';
import { atInstant, TOKEN_EXPIRED, TOKEN_EXPIRED_REASON } from './expiry.js';
import { type PreparedSubscription, OperationRefusal } from '../planning/index.js';
import { runSingle } from './single-operation.js';
import { singleResult } from './single-result.js';
import type { StreamingEndpoint } from './streaming-endpoint.js';
import { SubscriptionFailure } from './subscription-failure.js';
import { tooManyOnConnection } from '../sharing/index.js';
import { WebSocketSubscriber } from './websocket-subscriber.js';

const LARGEST_MESSAGE_BYTES = 2 * 1024 * 1024;
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;
/** RFC 6455, section 7.4.1 and its registry; clients of graphql-ws connect again. */
const TRY_AGAIN_LATER = 1013;

type AuthenticatedConnection = Connection & { identity?: ClientIdentity };
type ConnectionContext = Context<Record<string, unknown>, AuthenticatedConnection>;

/** Replaces every operation, also one with a single result: graphql-ws notifies a stream when its client cancels it. */
const STREAM = parse('subscription { stream }');

interface StartedOperation extends ExecutionArgs {
  start(): AsyncGenerator<ExecutionResult, undefined, undefined>;
}

/** The graphql-transport-ws protocol, for all kinds of operations. */
export class WebSocketEndpoint {
  readonly #endpoint: StreamingEndpoint;
  readonly #addressOf: (request: IncomingMessage) => string;
  /** Without compression: WebSocketSubscriber writes frames itself. */
  readonly #server = webSocketServer(LARGEST_MESSAGE_BYTES);

  constructor(endpoint: StreamingEndpoint, addressOf: (request: IncomingMessage) => string) {
    this.#endpoint = endpoint;
    this.#addressOf = addressOf;
    speakGraphql<AuthenticatedConnection>(
      {
        onConnect: (connected) => this.#connect(connected),
        onSubscribe: (connected, id, payload) => this.#subscribe(connected, id, payload),
        subscribe: (started) => (started as StartedOperation).start(),
        // Results and errors are formatted already.
        onNext: (_connected, _id, _payload, _args, result) => result as never,
        onError: (_connected, _id, _payload, errors) => {
          const failed = errors[0]?.originalError;
          return failed instanceof SubscriptionFailure ? failed.errors : undefined;
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

  async #connect(connected: ConnectionContext): Promise<boolean> {
    const { connectionParams, extra } = connected;
    const authorization = namedAuthorization(connectionParams);
    try {
      const address = this.#addressOf(extra.request);
      extra.identity = await this.#endpoint.authenticate(authorization, address);
      await this.#countForCaller(callerOf(extra.identity, address), address);
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

  async #countForCaller(caller: Caller, address: string): Promise<void> {
    const { connections, events } = this.#endpoint;
    try {
      await connections.countForCaller(caller, address);
    } catch (error) {
      events.recordThrown(caller, error);
      throw error;
    }
  }

  async #subscribe(connected: ConnectionContext, id: string, sent: SubscribePayload) {
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
      const spending = await admission.chargeRequest(caller, payload.query, feeFor(sizeOf(sent)));
      if (isSubscription(payload.query, payload.operationName)) {
        const prepared = await admitSubscription(
          this.#endpoint,
          caller,
          payload,
          identity.claims,
          forwarded,
        );
        return { schema, document: STREAM, start: this.#stream(connected, id, prepared) };
      }
      const unreadable = undecidableSubscription(schema, payload.query);
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
      events.recordThrown(caller, error);
      if (error instanceof OperationRefusal) return error.errors;
      return refusal([maskFault(this.#endpoint.log, error)]);
    }
  }

  #stream({ extra }: ConnectionContext, id: string, prepared: PreparedSubscription) {
    const { hub, metrics } = this.#endpoint;
    return () => {
      let leave = () => {};
      let hasEnded = false;
      const { generator, finish, fail } = endingGenerator(() => leave());
      const end = (errors?: readonly GraphQLFormattedError[]) => {
        hasEnded = true;
        leave();
        if (errors) fail(new SubscriptionFailure(errors));
        else finish();
      };
      const subscriber = new WebSocketSubscriber(id, extra.socket, extra.request.socket, end, () =>
        metrics.countSlowClosed(),
      );
      leave = hub.join(prepared, identityOf(extra), subscriber);
      if (hasEnded) leave(); // a delivery on joining ended it
      return generator;
    };
  }
}

/** Ends all operations of a socket with its token, without waiting for the client's closing handshake, which may never come. */
function expire({ extra: { socket }, subscriptions }: ConnectionContext): void {
  socket.close(TOKEN_EXPIRED, TOKEN_EXPIRED_REASON);
  for (const running of Object.values(subscriptions)) {
    if (running && 'return' in running) void running.return(undefined);
  }
}

/** Wraps formatted errors for graphql-ws; `onError` unwraps them. */
function refusal(errors: readonly GraphQLFormattedError[]): GraphQLError[] {
  const originalError = new SubscriptionFailure(errors);
  return [new GraphQLError(originalError.message, { originalError })];
}

function identityOf({ identity }: AuthenticatedConnection): ClientIdentity {
  if (!identity) throw new Error('graphql-ws admitted a client that was not authenticated');
  return identity;
}

/** Finds the token whatever the case of its name: header names are case-insensitive, and clients write this one alike. */
function namedAuthorization(params: Record<string, unknown> | undefined): unknown {
  const names = Object.keys(params ?? {});
  const name = names.find((candidate) => candidate.toLowerCase() === 'authorization');
  return name === undefined ? undefined : params?.[name];
}

/** A close reason has at most 123 bytes (RFC 6455, section 5.5). */
function asCloseReason(message: string): string {
  return message.length <= 120 ? message : `${message.slice(0, 117)}...`;
}
