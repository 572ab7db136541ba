import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  createHandler,
  TOKEN_HEADER_KEY,
  TOKEN_QUERY_KEY,
  type Request,
  type Response,
} from 'graphql-sse';
import type { Cancellation } from '../../../shared/cancellation/index.js';
import { refuseDeepNesting } from '../../../shared/http/index.js';
import { maskFault } from '../../faults/index.js';
import { inSlices } from '../../lifecycle/index.js';
import { admitSubscription } from './subscription-admission.js';
import { bodyFees, isSubscription, undecidableSubscription } from '../../limits/index.js';
import { callerOf, type ClientIdentity } from '../../core/index.js';
import { cancelledOnDisconnect, NO_STORE, traceHeaders } from '../../http/index.js';
import {
  type OperationRequest,
  type PreparedSubscription,
  OperationRefusal,
} from '../planning/index.js';
import { runSingle, type SingleResult } from './single-operation.js';
import { endingGenerator } from './ending-generator.js';
import { EventStreamSubscriber } from './event-stream-subscriber.js';
import { EventStream } from './event-stream.js';
import { atInstant, TOKEN_EXPIRED_ERROR } from './expiry.js';
import { ReservedStreams } from './reserved-streams.js';
import { tooManyOnConnection } from '../sharing/index.js';
import type { StreamingEndpoint } from './streaming-endpoint.js';

interface StreamContext {
  identity: ClientIdentity;
  stream: EventStream;
  /** Cancelled when the client disconnects before this request has its response. */
  cancellation: Cancellation;
  /** Of the reserved stream. */
  token: string | undefined;
}

type StreamRequest = Request<FastifyRequest, StreamContext>;

/** GraphQL over Server-Sent Events: one stream per operation, or one reserved stream for several. */
export class EventStreams {
  readonly #endpoint: StreamingEndpoint;
  readonly #open = new Set<ServerResponse>();
  readonly #reserved: ReservedStreams;
  readonly #handler = createHandler<FastifyRequest, StreamContext>({
    authenticate: ({ context }) => context.token ?? randomUUID(),
    onSubscribe: async (request, operation) => (await this.#start(request, operation)) as never,
  });

  constructor(endpoint: StreamingEndpoint) {
    this.#endpoint = endpoint;
    this.#reserved = new ReservedStreams(endpoint.subscriptionLimits);
  }

  async handle(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const identity = await this.#endpoint.authenticate(request.headers.authorization, request.ip);
    const token = presentedToken(request);
    const stream =
      token === undefined ? new EventStream() : this.#reserved.ofCaller(token, identity);
    if (!stream) {
      await refuse(reply, 404, 'No event stream is reserved under this token. Reserve one by PUT.');
      return;
    }
    stream.extendUntil(identity.expiresAt);
    const operation = token === undefined ? undefined : operationIdOf(request);
    if (operation !== undefined && operation in {}) {
      // The protocol library keeps operations in a plain object, which inherits these names.
      await refuse(reply, 400, `"${operation}" cannot name an operation. Choose another id.`);
      return;
    }
    const streamRequest: StreamRequest = {
      method: request.method,
      url: request.url,
      headers: { get: (name) => single(request.headers[name]) },
      body: (request.body ?? null) as Record<string, unknown> | null,
      raw: request,
      context: { identity, stream, cancellation: cancelledOnDisconnect(reply.raw), token },
    };
    const [body, { status, statusText, headers }] = await (request.method === 'PUT'
      ? this.#reserve(streamRequest)
      : operation === undefined
        ? this.#handler(streamRequest)
        : stream.inOrder(operation, () => this.#handler(streamRequest)));
    const ofHooks = reply.getHeaders() as OutgoingHttpHeaders;
    reply.hijack();
    const response = reply.raw;
    response.writeHead(status, statusText, { ...ofHooks, ...headers, ...NO_STORE });
    if (body === null || typeof body === 'string') {
      response.end(body);
      return;
    }
    stream.open(response);
    if (token !== undefined) this.#reserved.connected(token);
    await this.#send(body, response, stream);
    stream.close();
    if (token !== undefined) this.#reserved.forget(token);
  }

  /** Cuts the streams without completing them: their clients connect again. */
  async close(spreadMs: number): Promise<void> {
    await inSlices([...this.#open], spreadMs, async (response) => response.destroy());
    this.#reserved.close();
  }

  /** Throws TOO_MUCH. */
  async #reserve(streamRequest: StreamRequest): Promise<Response> {
    const { identity, stream } = streamRequest.context;
    this.#reserved.begin(identity);
    let isKept = false;
    try {
      const response = await this.#handler(streamRequest);
      const [token, { status }] = response;
      if (status === 201 && typeof token === 'string') {
        isKept = true;
        this.#reserved.reserve(
          token,
          { stream, identity },
          () => void this.#giveUp(streamRequest, token),
        );
      }
      return response;
    } finally {
      if (!isKept) this.#reserved.cancel(identity);
    }
  }

  /** The protocol library releases a reserved stream only when its connection ends, so it gets one that ends at once. */
  async #giveUp(reservation: StreamRequest, token: string): Promise<void> {
    const [body] = await this.#handler({
      ...reservation,
      method: 'GET',
      headers: { get: (name) => (name === 'accept' ? 'text/event-stream' : undefined) },
      context: { ...reservation.context, token },
    });
    if (body !== null && typeof body === 'object') await body.return();
    reservation.context.stream.close();
  }

  async #start({ method, raw, context }: StreamRequest, sent: OperationRequest) {
    const { admission, apollo, events, log, preparation } = this.#endpoint;
    const { identity, token } = context;
    const caller = callerOf(identity, raw.ip);
    const forwarded = traceHeaders(raw.headers);
    try {
      refuseDeepNesting(sent);
      const operation = admission.resolve(sent);
      const { paid, due } = bodyFees(raw);
      const spending = await admission.chargeRequest(caller, operation.query, due);
      spending.cost += paid;
      if (!isSubscription(operation.query, operation.operationName)) {
        const unreadable = undecidableSubscription(preparation.supergraph.schema, operation.query);
        if (unreadable) return only({ errors: [unreadable] });
        const allowed = method === 'GET' ? 'GET' : 'POST';
        const { cancellation, stream } = context;
        const requestContext = {
          identity,
          caller,
          spending,
          cancellation,
          ...(forwarded && { forwarded }),
        };
        stream.queries.add(cancellation);
        const result = runSingle(apollo, operation, requestContext, allowed);
        return only(await result.finally(() => stream.queries.delete(cancellation)));
      }
      const prepared = await admitSubscription(
        this.#endpoint,
        caller,
        operation,
        identity.claims,
        forwarded,
      );
      return this.#watch(
        resumedAfter(prepared, token === undefined ? raw.headers : {}),
        context,
        operation.extensions?.['operationId'],
      );
    } catch (error) {
      events.recordThrown(caller, error);
      if (error instanceof OperationRefusal)
        return only({ errors: error.errors.map((one) => one.toJSON()) });
      return only({ errors: [maskFault(log, error)] });
    }
  }

  #watch(
    prepared: PreparedSubscription,
    { identity, stream, token }: StreamContext,
    operationId: unknown,
  ) {
    const { hub, metrics, subscriptionLimits } = this.#endpoint;
    if (stream.isClosed) return only({});
    if (stream.subscriptions >= subscriptionLimits.perConnection) {
      return only({ errors: [tooManyOnConnection(subscriptionLimits)] });
    }
    stream.subscriptions += 1;
    const isShared = token !== undefined && this.#reserved.get(token) === stream;
    const id = isShared ? String(operationId) : undefined;
    let leave = () => {};
    let hasEnded = false;
    const { generator, finish } = endingGenerator(() => end());
    const end = () => {
      if (hasEnded) return;
      hasEnded = true;
      cancelExpiry();
      stream.subscriptions -= 1;
      stream.onClose.delete(end);
      leave();
      finish();
    };
    const cancelExpiry = atInstant(identity.expiresAt, () =>
      subscriber.cut({ errors: [TOKEN_EXPIRED_ERROR] }),
    );
    const subscriber = new EventStreamSubscriber(stream, id, end, () => metrics.countSlowClosed());
    stream.onClose.add(end);
    leave = hub.join(prepared, identity, subscriber);
    if (hasEnded) leave(); // a delivery on joining ended it
    return generator;
  }

  async #send(
    body: AsyncGenerator<string, void, undefined>,
    response: ServerResponse,
    stream: EventStream,
  ): Promise<void> {
    this.#open.add(response);
    const cancelExpiry = stream.whenExpired(() => {
      if (response.writableNeedDrain) response.destroy();
      else void body.return();
    });
    const over = () => {
      this.#open.delete(response);
      cancelExpiry();
      void body.return();
    };
    // If the client disconnected while its operation was prepared, no further event reports it.
    if (response.closed) over();
    else response.once('close', over);
    for await (const chunk of body) {
      // Also called, with an error, when the client has disconnected; 'close' then ends the loop.
      await new Promise<unknown>((resolve) => response.write(chunk, resolve));
    }
    response.end();
  }
}

/**
 * Resumes after the last event that the client received, if it reconnects. An `EventSource` sends the same operation again, with the
 * cursor it began with, so the header counts.
 */
function resumedAfter(
  prepared: PreparedSubscription,
  headers: IncomingHttpHeaders,
): PreparedSubscription {
  const after = single(headers['last-event-id']);
  return after && prepared.plan.resume ? { ...prepared, after } : prepared;
}

async function* only(result: SingleResult) {
  yield result;
}

/** Returns the token of a reserved stream. The gateway generates it, so that nobody can guess it; a client cannot choose it. */
function presentedToken({ method, headers, query }: FastifyRequest): string | undefined {
  if (method === 'PUT') return undefined;
  const inQuery = (query as Record<string, unknown>)[TOKEN_QUERY_KEY];
  return single(headers[TOKEN_HEADER_KEY]) ?? (typeof inQuery === 'string' ? inQuery : undefined);
}

/** Returns the id of the operation that a request on a reserved stream begins or ends. */
function operationIdOf({ method, query, body }: FastifyRequest): string | undefined {
  const { operationId, extensions } = query as Record<string, unknown>;
  if (method === 'DELETE') return textOf(operationId);
  const sent =
    method === 'POST' ? (body as { extensions?: unknown } | null)?.extensions : extensions;
  return textOf((parsedExtensions(sent) as { operationId?: unknown } | null)?.operationId);
}

function parsedExtensions(extensions: unknown): unknown {
  if (typeof extensions !== 'string') return extensions;
  try {
    return JSON.parse(extensions);
  } catch {
    return undefined; // the execution reports why
  }
}

/** Reads strings and numbers as the protocol library does. */
function textOf(id: unknown): string | undefined {
  if (typeof id === 'string') return id === '' ? undefined : id;
  return id === undefined || id === null ? undefined : JSON.stringify(id);
}

async function refuse(reply: FastifyReply, status: number, message: string): Promise<void> {
  const extensions = { code: 'BAD_USER_INPUT' };
  await reply.code(status).send({ errors: [{ message, extensions }] });
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
