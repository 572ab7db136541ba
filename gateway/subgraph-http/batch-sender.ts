import type { Logger } from 'pino';
import type { Cancellation } from '../../shared/cancellation/index.js';
import type { BatchTerms, SendBatch } from './request-batcher.js';
import { isConnectionLoss, type HttpResponse } from './subgraph-connections.js';
import { parseBatch, parseResponse, UnexpectedBatchResponse } from './subgraph-response.js';

/** Statuses that say something about the caller's token or the state of the service, and not about the body. */
const NOT_ABOUT_THE_BODY = new Set([401, 408, 429, 502, 503, 504]);

/** Sends one body; it may be sent again when the connection breaks. */
type PostBody = (
  body: string,
  terms: BatchTerms,
  cancellation: Cancellation,
) => Promise<HttpResponse>;

/**
 * Sends several requests to one subgraph as a batch, and singly if the subgraph refuses batches. A subgraph that refused a
 * batch and answered the same requests singly gets no batch until it may have been replaced: after a change of its schema, a
 * reconnect, or an outage.
 */
export class BatchSender {
  readonly #subgraph: string;
  readonly #log: Logger;
  readonly #post: PostBody;
  #isRefused = false;
  #isLogged = false;

  constructor(subgraph: string, log: Logger, post: PostBody) {
    this.#subgraph = subgraph;
    this.#log = log;
    this.#post = post;
  }

  /** Whether the subgraph refuses batches, as far as its last responses show. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Lets the next requests be sent as a batch again. */
  allowBatches(): void {
    this.#isRefused = false;
  }

  /** Sends requests none of which is a mutation: each may be sent twice. */
  async send(...[bodies, terms, cancellation]: Parameters<SendBatch>): ReturnType<SendBatch> {
    const [first] = bodies;
    if (bodies.length === 1 && first !== undefined) {
      return [parseResponse(await this.#post(first, terms, cancellation))];
    }
    try {
      const responses = parseBatch(
        await this.#post(`[${bodies.join()}]`, terms, cancellation),
        bodies.length,
      );
      [this.#isRefused, this.#isLogged] = [false, false];
      return responses;
    } catch (cause) {
      if (!mayBeRefusal(cause)) throw cause;
      return this.#sendSingly(cause, bodies, terms, cancellation);
    }
  }

  /** If every single request fails too, the subgraph did not refuse the batch, and all of it is one failure. */
  async #sendSingly(refusal: Error, ...[bodies, terms, cancellation]: Parameters<SendBatch>) {
    const responses = bodies.map(async (body) =>
      parseResponse(await this.#post(body, terms, cancellation)),
    );
    const outcomes = await Promise.allSettled(responses);
    cancellation.check();
    if (outcomes.every(({ status }) => status === 'rejected')) throw refusal;
    this.#markRefused(refusal);
    return responses;
  }

  /** Logs once, until a batch is accepted again. */
  #markRefused(refusal: Error): void {
    this.#isRefused = true;
    if (this.#isLogged) return;
    this.#isLogged = true;
    this.#log.warn(
      { subgraph: this.#subgraph, err: refusal },
      'a subgraph refuses batches but answers single requests; requests are sent singly from now on',
    );
  }
}

/** Whether the failure of a batch may mean that the subgraph accepts no batches. */
function mayBeRefusal(cause: unknown): cause is Error {
  return cause instanceof UnexpectedBatchResponse
    ? !NOT_ABOUT_THE_BODY.has(cause.status)
    : isConnectionLoss(cause);
}
