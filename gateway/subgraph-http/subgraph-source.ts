import { randomUUID } from 'node:crypto';
import type { GraphQLDataSource } from '@apollo/gateway';
import type { Logger } from 'pino';
import { type Cancellation, Cancelled } from '../../shared/cancellation/index.js';
import { callersFault } from '../../shared/errors/index.js';
import { actorOf, type InternalIdentity, type MintToken } from '../../shared/identity/index.js';
import { faultOf, type Span } from '../../shared/telemetry/index.js';
import { GATEWAY_IDENTITY, RECORDER_IDENTITY } from '../core/service-identities.js';
import { SingleFlight } from '../core/single-flight.js';
import type {
  FetchOutcome,
  FetchSource,
  SubgraphRequest,
  SubgraphRequestContext,
  SubgraphResponse,
} from '../core/subgraph-request.js';
import { WriteEpoch } from '../core/write-epoch.js';
import { loggedOutage, outage, unrecorded } from '../faults/outage.js';
import { hasFault, showSubgraphErrors } from '../faults/subgraph-errors.js';
import {
  ReadRecorder,
  type ReadContent,
  type Reader,
  type Reads,
} from '../recording/read-recorder.js';
import { BatchSender } from './batch-sender.js';
import { Circuit, CircuitOpenError, type CircuitState } from './circuit.js';
import { RequestBatcher, type BatchTerms, type SendBatch } from './request-batcher.js';
import { ResponseTimeout, SubgraphConnections, type Post } from './subgraph-connections.js';
import { parseResponse, type SharedResponse } from './subgraph-response.js';
import { TokenCache } from './token-cache.js';

const PROBE = JSON.stringify({ query: '{ __typename }' });
const PROBE_TIMEOUT_MS = 2_000;

export interface SubgraphSourceOptions {
  name: string;
  /** From the settings; the address in the supergraph is never used. */
  url: string;
  mint: MintToken;
  /** Whether the subgraph needs to know which person sends this query. */
  isAudited?: (query: string) => boolean;
  /** Returns the mutation by which the subgraph records who reads this query; undefined where it records nothing. */
  recordOperationFor?: (query: string) => string | undefined;
  log: Logger;
  timeoutMs: number;
  /** The largest number of requests in one batch, as long as the subgraph accepts batches; 1 by default. */
  batchSize?: number;
  /** Shared by all subgraphs. */
  writes?: WriteEpoch;
  fetched?: (subgraph: string, outcome: FetchOutcome, seconds: number) => void;
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

interface RequestTerms extends BatchTerms {
  /** Whether the response is for one person only, so that the request is sent alone. */
  isPersonal: boolean;
  isHeavy?: boolean | undefined;
  cancellation?: Cancellation | undefined;
  span?: Span | undefined;
  /** Whether the gateway itself sends it and needs the unmasked response or failure. */
  isRaw?: boolean;
}

type GatewayResponse = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** Sends requests to one subgraph over HTTP, on behalf of the caller's claim set. */
export class SubgraphSource implements FetchSource {
  readonly #options: SubgraphSourceOptions;
  readonly #connections: SubgraphConnections;
  readonly #circuit: Circuit;
  readonly #writes: WriteEpoch;
  /** Requests in flight, by token, which stands for a claim set, and by body. */
  readonly #inFlight: SingleFlight<SharedResponse>;
  readonly #tokens = new TokenCache();
  readonly #batcher: RequestBatcher | undefined;
  readonly #batches: BatchSender;
  readonly #recorder = new ReadRecorder((operation, reads) => this.#sendReads(operation, reads));
  readonly #now: () => number;

  constructor(options: SubgraphSourceOptions) {
    const { name, log, url, batchSize = 1, writes = new WriteEpoch() } = options;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#batches = new BatchSender(name, log, (body, terms, cancellation) =>
      this.#post(body, terms, { lane: 'read', mayRetry: true, cancellation }),
    );
    this.#connections = new SubgraphConnections(url, () => this.#batches.allowBatches());
    this.#writes = writes;
    this.#inFlight = new SingleFlight<SharedResponse>(writes, hasFault);
    if (batchSize > 1) {
      const send: SendBatch = (...batch) => this.#circuit.run(() => this.#batches.send(...batch));
      this.#batcher = new RequestBatcher(batchSize, send, this.#now);
    }
    this.#circuit = new Circuit({
      opened: (id, cause) =>
        log.error(
          { id, subgraph: name, err: cause },
          'a subgraph does not answer; until it does, requests to it fail at once',
        ),
      closed: (id) => {
        this.#batches.allowBatches();
        log.info({ id, subgraph: name }, 'a subgraph answers again');
      },
      isInconclusive: (cause) => cause instanceof Cancelled || cause instanceof HeavyRequestTimeout,
    });
  }

  get circuit(): CircuitState {
    return this.#circuit.state;
  }

  /** As far as the last request to it shows. */
  get isUnavailable(): boolean {
    return this.#circuit.isFailing;
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
    // A mutation runs to its end, whoever waits.
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
      this.#sendMeasured(request, { token, forwarded, isPersonal, isHeavy, cancellation, span });
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
    return (await this.#sendMeasured(subgraphRequest, { token, isPersonal, isRaw: true })).copy();
  }

  /** Forgets what was learned about a subgraph with another schema. */
  schemaChanged(): void {
    this.#batches.allowBatches();
  }

  /** Whether it answers the gateway itself. Says nothing about outages: neither the circuit nor the log is involved. */
  async probe(): Promise<boolean> {
    const { name, mint, timeoutMs } = this.#options;
    try {
      const token = await mint(GATEWAY_IDENTITY, name);
      const response = await this.#connections.post({
        body: PROBE,
        token,
        timeoutMs: Math.min(timeoutMs, PROBE_TIMEOUT_MS),
        mayRetry: false,
      });
      return parseResponse(response).copy().data?.['__typename'] === 'Query';
    } catch {
      return false;
    }
  }

  /** Aborts the requests in flight; a caller that wants them to finish waits first. */
  async close(): Promise<void> {
    await this.#connections.close();
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
      span?.tell({ 'vierblatt.fetch.outcome': 'shared' });
      fetched?.(name, 'shared', (this.#now() - since) / 1000);
    }
  }

  async #sendMeasured(request: SubgraphRequest, terms: RequestTerms): Promise<SharedResponse> {
    const { name, fetched } = this.#options;
    const since = this.#now();
    let outcome: FetchOutcome = 'failed';
    try {
      const response = await this.#send(request, terms);
      outcome = 'answered';
      return terms.isRaw ? response : this.#withShownErrors(response);
    } catch (cause) {
      if (cause instanceof CircuitOpenError) outcome = 'skipped';
      if (cause instanceof Cancelled) outcome = 'cancelled';
      throw terms.isRaw ? cause : this.#shownFailure(cause);
    } finally {
      terms.span?.tell({ 'vierblatt.fetch.outcome': outcome });
      fetched?.(name, outcome, (this.#now() - since) / 1000);
      // Also when it failed: the mutation may have been executed, and only its response was lost.
      if (request.isChange) this.#writes.advance();
    }
  }

  /** Logs a fault once, however many callers wait for the response. */
  #withShownErrors(response: SharedResponse): SharedResponse {
    const { name, log } = this.#options;
    const { errors } = response;
    return errors ? response.withErrors(showSubgraphErrors(log, name, errors)) : response;
  }

  #shownFailure(cause: unknown): Error {
    const { name, log } = this.#options;
    if (cause instanceof Cancelled) return cause;
    if (cause instanceof HeavyRequestTimeout) return callersFault('TOO_MUCH', cause.message);
    // A known outage has its line in the log already.
    const known = this.#circuit.outage;
    return known ? loggedOutage(name, known) : outage(log, name, cause);
  }

  #send(request: SubgraphRequest, terms: RequestTerms): Promise<SharedResponse> {
    const { isPersonal, isHeavy, span, cancellation } = terms;
    // A request with a span is sent alone: the subgraph's span belongs to no other. A heavy one too: others would wait for it.
    if (this.#batcher && !isPersonal && !span && !isHeavy && !this.#batches.isRefused)
      return this.#batcher.add(request, terms, cancellation);
    const { body, isChange } = request;
    const lane = isChange ? 'change' : isHeavy ? 'heavy' : 'read';
    return this.#circuit.run(async () => {
      const sending = { lane, mayRetry: !isChange, cancellation } as const;
      return parseResponse(await this.#post(body, terms, sending));
    });
  }

  /** May be retried although it is a mutation: the subgraph knows a stored record by its id, and no read depends on it. */
  async #sendReads(query: string, reads: Reads): Promise<void> {
    const { name, log, mint } = this.#options;
    try {
      const token = await mint({ ...RECORDER_IDENTITY, mayChange: true }, name);
      const body = JSON.stringify({ query, variables: { reads } });
      const response = await this.#circuit.run(async () =>
        parseResponse(await this.#post(body, { token }, { lane: 'change', mayRetry: true })),
      );
      const [error] = response.errors ?? [];
      if (error) throw new Error(error.message);
    } catch (cause) {
      throw unrecorded(log, name, cause);
    }
  }

  async #post(
    body: string,
    { token, forwarded }: BatchTerms,
    sending: Pick<Post, 'lane' | 'mayRetry' | 'cancellation'>,
  ) {
    const { name, timeoutMs } = this.#options;
    try {
      return await this.#connections.post({ body, token, forwarded, timeoutMs, ...sending });
    } catch (cause) {
      if (sending.lane === 'heavy' && cause instanceof ResponseTimeout) {
        throw new HeavyRequestTimeout(name, timeoutMs);
      }
      throw cause;
    }
  }
}

/** A request that reads much exceeded its time, which is no sign that the subgraph is unavailable. */
class HeavyRequestTimeout extends Error {
  constructor(subgraph: string, timeoutMs: number) {
    super(
      `${subgraph} did not finish this within ${timeoutMs / 1000} s. Send a smaller operation: fewer counts, a smaller area, shorter pages.`,
    );
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
