import { randomUUID } from 'node:crypto';
import type { GraphQLDataSource } from '@apollo/gateway';
import type { Cancellation } from '../../shared/cancellation/index.js';
import { actorOf, type InternalIdentity } from '../../shared/identity/index.js';
import { faultOf, type Span } from '../../shared/telemetry/index.js';
import {
  SingleFlight,
  type FetchSource,
  type SubgraphRequest,
  type SubgraphRequestContext,
  type SubgraphResponse,
  WriteEpoch,
} from '../core/index.js';
import { outage, hasFault } from '../faults/index.js';
import { ReadRecorder, type ReadContent, type Reader } from '../recording/index.js';
import type { CircuitState } from './circuit.js';
import type { SharedResponse } from './subgraph-response.js';
import { SubgraphSender, type SubgraphSenderOptions } from './subgraph-sender.js';
import { TokenCache } from './token-cache.js';

export interface SubgraphSourceOptions extends SubgraphSenderOptions {
  /** Whether the subgraph needs to know which person sends this query. */
  isAudited?: (query: string) => boolean;
  /** Returns the mutation by which the subgraph records who reads this query; undefined where it records nothing. */
  recordOperationFor?: (query: string) => string | undefined;
  /** Shared by all subgraphs. */
  writes?: WriteEpoch;
  /** Milliseconds of a monotonic clock. */
  now?: () => number;
}

interface SourceParameters {
  query?: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

interface SourceRequest {
  request: SourceParameters;
  context: SubgraphRequestContext;
}

type GatewayResponse = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** Fetches from one subgraph on behalf of the caller's claim set: equal requests in flight are shared, reads are recorded. */
export class SubgraphSource implements FetchSource {
  readonly #options: SubgraphSourceOptions;
  /** Requests in flight, by token, which stands for a claim set, and by body. */
  readonly #inFlight: SingleFlight<SharedResponse>;
  readonly #tokens = new TokenCache();
  readonly #sender: SubgraphSender;
  readonly #recorder = new ReadRecorder((operation, reads) =>
    this.#sender.sendReads(operation, reads),
  );
  readonly #now: () => number;

  constructor(options: SubgraphSourceOptions) {
    const { writes = new WriteEpoch(), now = () => performance.now() } = options;
    this.#options = options;
    this.#now = now;
    this.#inFlight = new SingleFlight<SharedResponse>(writes, hasFault);
    this.#sender = new SubgraphSender(options, writes, now);
  }

  get circuit(): CircuitState {
    return this.#sender.circuit;
  }

  /** As far as the last request to it shows. */
  get isUnavailable(): boolean {
    return this.#sender.isUnavailable;
  }

  /** Fetches for the gateway package. */
  async process({ request, context }: SourceRequest): Promise<SubgraphResponse & GatewayResponse> {
    return await this.fetch(requestOf(request), context);
  }

  /** Resolves to the response, with those errors that may be shown. It belongs to the requester: the executor merges into it. */
  fetch(request: SubgraphRequest, context: SubgraphRequestContext): Promise<SubgraphResponse> {
    const response = context.span
      ? this.#fetchInSpan(request, context, context.span)
      : this.#fetch(request, context);
    const operation = context.isEvent
      ? undefined
      : this.#options.recordOperationFor?.(request.query);
    return operation === undefined ? response : this.#recorded(response, operation, context);
  }

  /** Has the subgraph record a read. Rejects, with an error for the caller, when it could not be recorded. */
  record(operation: string, read: ReadContent, reader: Reader): Promise<void> {
    return this.#recorder.record(operation, read, reader);
  }

  /** Resolves to the response once its read is recorded: one record for each caller who shares it. */
  async #recorded(
    pending: Promise<SubgraphResponse>,
    operation: string,
    { identity, operationName }: SubgraphRequestContext,
  ): Promise<SubgraphResponse> {
    const response = await pending;
    const disclosed = response.extensions?.['disclosed'];
    if (!Array.isArray(disclosed) || !identity) return response;
    const by = actorOf(identity);
    await Promise.all(
      disclosed.map((text) =>
        this.#recorder.record(
          operation,
          { disclosed: String(text) },
          { id: randomUUID(), by, operation: operationName ?? null },
        ),
      ),
    );
    return response;
  }

  /** Fetches in a span of its own, which is the parent of the subgraph's span. */
  async #fetchInSpan(request: SubgraphRequest, context: SubgraphRequestContext, parent: Span) {
    const { name } = this.#options;
    const span = parent.begin(`fetch ${name}`, { 'vierblatt.subgraph': name }, 'client');
    let fault: string | undefined = 'SERVICE_UNAVAILABLE';
    try {
      const response = await this.#fetch(request, { ...context, forwarded: span.headers }, span);
      fault = faultOf(response.errors);
      return response;
    } finally {
      span.end(fault);
    }
  }

  async #fetch(
    request: SubgraphRequest,
    { identity, forwarded, isHeavy, ...context }: SubgraphRequestContext,
    span?: Span,
  ): Promise<SubgraphResponse> {
    const { name, log } = this.#options;
    // A mutation runs to its end, even if nobody waits.
    const own = request.isChange ? undefined : context.cancellation;
    own?.check();
    const isPersonal = this.#isPersonal(request);
    const cached = isPersonal || !identity ? undefined : this.#tokens.get(identity.claims);
    const token =
      cached ??
      (await this.#tokenFor(identity, request, isPersonal).catch((cause: unknown) => {
        throw outage(log, name, cause);
      }));
    const work = (cancellation?: Cancellation) =>
      this.#sender.send(request, { token, forwarded, isPersonal, isHeavy, cancellation, span });
    if (isPersonal) return (await work(own)).copy();
    const joined = this.#inFlight.join(token, request.body, work, own);
    if (joined) return this.#joinedResponse(joined, span);
    return (await this.#inFlight.begin(token, request.body, work, own)).copy();
  }

  /** Resolves to the response as it arrived. Rejects with the cause of a failure. */
  async fetchRaw(request: SourceParameters, identity: InternalIdentity): Promise<SubgraphResponse> {
    const subgraphRequest = requestOf(request);
    const isPersonal = this.#isPersonal(subgraphRequest);
    const token = await this.#tokenFor(identity, subgraphRequest, isPersonal);
    return (await this.#sender.send(subgraphRequest, { token, isPersonal, isRaw: true })).copy();
  }

  /** Forgets what was learned about a subgraph with another schema. */
  schemaChanged(): void {
    this.#sender.schemaChanged();
  }

  /** Whether the subgraph responds to the gateway itself. Neither the circuit nor the log is involved. */
  probe(): Promise<boolean> {
    return this.#sender.probe();
  }

  /** Aborts the requests in flight; a caller that wants them to finish waits first. */
  async close(): Promise<void> {
    await this.#sender.close();
  }

  /** Whether the response is for one person only: the request is a mutation, or the subgraph needs to know who reads. */
  #isPersonal({ query, isChange }: SubgraphRequest): boolean {
    return isChange || (this.#options.isAudited?.(query) ?? false);
  }

  async #tokenFor(
    identity: InternalIdentity | undefined,
    { isChange }: SubgraphRequest,
    isPersonal: boolean,
  ): Promise<string> {
    const { name, mint } = this.#options;
    if (!identity) throw new Error(`a request to ${name} has no identity`);
    if (isChange) return mint({ ...identity, mayChange: true }, name);
    if (isPersonal) return mint(identity, name);
    const { claims } = identity;
    const token = await mint({ claims }, name);
    this.#tokens.set(claims, token);
    return token;
  }

  async #joinedResponse(joined: Promise<SharedResponse>, span?: Span): Promise<SubgraphResponse> {
    const { name, fetched } = this.#options;
    const since = this.#now();
    try {
      return (await joined).copy();
    } finally {
      span?.add({ 'vierblatt.fetch.outcome': 'shared' });
      fetched?.(name, 'shared', (this.#now() - since) / 1000);
    }
  }
}

function requestOf({ query = '', variables, operationName }: SourceParameters): SubgraphRequest {
  const body = JSON.stringify({ query, variables, operationName });
  return { query, body, isChange: isMutation(query) };
}

/** The planner prints the type of the operation first. */
function isMutation(query: string): boolean {
  return /^mutation\b/.test(query);
}
