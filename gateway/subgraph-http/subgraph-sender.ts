import type { Logger } from 'pino';
import { CancellationError, type Cancellation } from '../../shared/cancellation/index.js';
import { callersFault } from '../../shared/errors/index.js';
import type { MintToken } from '../../shared/identity/index.js';
import type { Span } from '../../shared/telemetry/index.js';
import {
  GATEWAY_IDENTITY,
  RECORDER_IDENTITY,
  type FetchOutcome,
  type SubgraphRequest,
  type WriteEpoch,
} from '../core/index.js';
import { loggedOutage, outage, unrecorded, showSubgraphErrors } from '../faults/index.js';
import type { Reads } from '../recording/index.js';
import { BatchSender } from './batch-sender.js';
import { Circuit, CircuitOpenError, type CircuitState } from './circuit.js';
import { RequestBatcher, type BatchTerms, type SendBatch } from './request-batcher.js';
import { ResponseTimeout, SubgraphConnections, type Post } from './subgraph-connections.js';
import { parseResponse, type SharedResponse } from './subgraph-response.js';

const PROBE = JSON.stringify({ query: '{ __typename }' });
const PROBE_TIMEOUT_MS = 2_000;

export interface SubgraphSenderOptions {
  name: string;
  /** From the settings; the address in the supergraph is never used. */
  url: string;
  mint: MintToken;
  log: Logger;
  timeoutMs: number;
  /** The largest number of requests in one batch, as long as the subgraph accepts batches; 1 by default. */
  batchSize?: number;
  fetched?: (subgraph: string, outcome: FetchOutcome, seconds: number) => void;
}

export interface RequestTerms extends BatchTerms {
  /** Whether the response is for one person only, so that the request is sent alone. */
  isPersonal: boolean;
  isHeavy?: boolean | undefined;
  cancellation?: Cancellation | undefined;
  span?: Span | undefined;
  /** Whether the gateway itself sends it and needs the unmasked response or failure. */
  isRaw?: boolean;
}

/** Sends requests to one subgraph over HTTP: in batches where it accepts them, and not at all while it is known to be unavailable. */
export class SubgraphSender {
  readonly #options: SubgraphSenderOptions;
  readonly #connections: SubgraphConnections;
  readonly #circuit: Circuit;
  readonly #writes: WriteEpoch;
  readonly #batcher: RequestBatcher | undefined;
  readonly #batches: BatchSender;
  readonly #now: () => number;

  /** @param now Milliseconds of a monotonic clock. */
  constructor(options: SubgraphSenderOptions, writes: WriteEpoch, now: () => number) {
    const { name, log, url, batchSize = 1 } = options;
    this.#options = options;
    this.#writes = writes;
    this.#now = now;
    this.#batches = new BatchSender(name, log, (body, terms, cancellation) =>
      this.#post(body, terms, { lane: 'read', mayRetry: true, cancellation }),
    );
    this.#connections = new SubgraphConnections(url, () => this.#batches.allowBatches());
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
      isInconclusive: (cause) =>
        cause instanceof CancellationError || cause instanceof HeavyRequestTimeout,
    });
  }

  get circuit(): CircuitState {
    return this.#circuit.state;
  }

  /** As far as the last request to it shows. */
  get isUnavailable(): boolean {
    return this.#circuit.isFailing;
  }

  /** Sends a request, measures it and shows its failure as far as the caller may see it. */
  async send(request: SubgraphRequest, terms: RequestTerms): Promise<SharedResponse> {
    const { name, fetched } = this.#options;
    const since = this.#now();
    let outcome: FetchOutcome = 'failed';
    try {
      const response = await this.#sendOnce(request, terms);
      outcome = 'answered';
      return terms.isRaw ? response : this.#withShownErrors(response);
    } catch (cause) {
      if (cause instanceof CircuitOpenError) outcome = 'skipped';
      if (cause instanceof CancellationError) outcome = 'cancelled';
      throw terms.isRaw ? cause : this.#shownFailure(cause);
    } finally {
      terms.span?.add({ 'vierblatt.fetch.outcome': outcome });
      fetched?.(name, outcome, (this.#now() - since) / 1000);
      // Also when it failed: the mutation may have been executed, and only its response was lost.
      if (request.isChange) this.#writes.advance();
    }
  }

  /** May be retried although it is a mutation: the subgraph knows a stored record by its id, and no read depends on it. */
  async sendReads(query: string, reads: Reads): Promise<void> {
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

  /** Logs a fault once, however many callers wait for the response. */
  #withShownErrors(response: SharedResponse): SharedResponse {
    const { name, log } = this.#options;
    const { errors } = response;
    return errors ? response.withErrors(showSubgraphErrors(log, name, errors)) : response;
  }

  #shownFailure(cause: unknown): Error {
    const { name, log } = this.#options;
    if (cause instanceof CancellationError) return cause;
    if (cause instanceof HeavyRequestTimeout) return callersFault('TOO_MUCH', cause.message);
    // A known outage has its line in the log already.
    const known = this.#circuit.outage;
    return known ? loggedOutage(name, known) : outage(log, name, cause);
  }

  #sendOnce(request: SubgraphRequest, terms: RequestTerms): Promise<SharedResponse> {
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
