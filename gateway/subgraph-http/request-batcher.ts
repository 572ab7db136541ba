import { Cancellation, CancellationError } from '../../shared/cancellation/index.js';
import type { SubgraphRequest } from '../core/index.js';
import { LatencyEstimates } from './latency-estimates.js';
import type { SharedResponse } from './subgraph-response.js';

/** In characters; far below the longest request that a subgraph accepts. */
const LONGEST_BATCH = 1_000_000;

/** Ticks of the event loop for which a request may wait for others. */
const MAX_TICKS = 4;

/** Properties that the requests of one batch share. */
export interface BatchTerms {
  token: string;
  forwarded?: Readonly<Record<string, string>> | undefined;
}

type BatchedRequest = Pick<SubgraphRequest, 'query' | 'body'>;

interface PendingRequest {
  request: BatchedRequest;
  cancellation: Cancellation | undefined;
  resolve: (response: SharedResponse | PromiseLike<SharedResponse>) => void;
  reject: (cause: unknown) => void;
}

interface Batch {
  terms: BatchTerms;
  pending: PendingRequest[];
}

/** Sends the bodies as one request. Resolves to one response for each, or a promise that may reject for this one alone. */
export type SendBatch = (
  bodies: readonly string[],
  terms: BatchTerms,
  cancellation: Cancellation,
) => Promise<readonly (SharedResponse | PromiseLike<SharedResponse>)[]>;

/**
 * Collects the requests to one subgraph for a few ticks of the event loop and sends them as one. Only requests with the same
 * token and the same headers share a batch: neither claim sets nor traces are mixed. A request that would delay the others
 * bypasses the batch.
 */
export class RequestBatcher {
  readonly #maxSize: number;
  readonly #send: SendBatch;
  readonly #now: () => number;
  readonly #latencies = new LatencyEstimates();
  #collecting = new Map<string, Batch>();
  /** Since the last tick of the event loop. */
  #hasGrown = false;

  /** `now` is in milliseconds, of a monotonic clock. */
  constructor(maxSize: number, send: SendBatch, now: () => number) {
    this.#maxSize = maxSize;
    this.#send = send;
    this.#now = now;
  }

  add(
    request: BatchedRequest,
    terms: BatchTerms,
    cancellation?: Cancellation,
  ): Promise<SharedResponse> {
    return new Promise((resolve, reject) => {
      if (this.#collecting.size === 0) this.#sendWithin(MAX_TICKS);
      this.#hasGrown = true;
      const { token, forwarded } = terms;
      const key = forwarded ? `${token} ${JSON.stringify(Object.entries(forwarded))}` : token;
      let batch = this.#collecting.get(key);
      if (!batch) this.#collecting.set(key, (batch = { terms, pending: [] }));
      batch.pending.push({ request, cancellation, resolve, reject });
    });
  }

  /** While each tick brings more requests, more will follow; after a tick that brings none, all are sent. */
  #sendWithin(ticks: number): void {
    this.#hasGrown = false;
    setImmediate(() => {
      if (this.#hasGrown && ticks > 1) this.#sendWithin(ticks - 1);
      else this.#sendAll();
    });
  }

  #sendAll(): void {
    const batches = [...this.#collecting.values()];
    this.#collecting = new Map();
    for (const { terms, pending } of batches) {
      const batched: PendingRequest[] = [];
      for (const one of pending) {
        if (one.cancellation?.isCancelled) one.reject(new CancellationError());
        else if (this.#latencies.bypassesBatch(one.request.query)) void this.#sendOne([one], terms);
        else batched.push(one);
      }
      for (const part of parts(batched, this.#maxSize)) void this.#sendOne(part, terms);
    }
  }

  async #sendOne(pending: readonly PendingRequest[], terms: BatchTerms): Promise<void> {
    const since = this.#now();
    try {
      const bodies = pending.map(({ request }) => request.body);
      const responses = await this.#send(bodies, terms, combinedCancellation(pending));
      const [first] = pending;
      if (first && pending.length === 1) {
        this.#latencies.record(first.request.query, this.#now() - since);
      }
      for (const [index, { resolve }] of pending.entries()) resolve(responses[index]!);
    } catch (cause) {
      for (const { reject } of pending) reject(cause);
    }
  }
}

/** Cancelled when nobody waits for any of the responses any more. */
function combinedCancellation(pending: readonly PendingRequest[]): Cancellation {
  const [first] = pending;
  if (pending.length === 1 && first?.cancellation) return first.cancellation;
  const combined = new Cancellation();
  let left = pending.length;
  for (const { cancellation } of pending) {
    cancellation?.onCancel(() => {
      left -= 1;
      if (left === 0) combined.cancel();
    });
  }
  return combined;
}

/** Splits in order by number and length; a request longer than the limit is sent alone. */
function* parts(pending: readonly PendingRequest[], maxSize: number): Iterable<PendingRequest[]> {
  let part: PendingRequest[] = [];
  let length = 0;
  for (const one of pending) {
    const { body } = one.request;
    const isFull = part.length === maxSize || length + body.length > LONGEST_BATCH;
    if (isFull && part.length > 0) {
      yield part;
      [part, length] = [[], 0];
    }
    part.push(one);
    length += body.length;
  }
  if (part.length > 0) yield part;
}
