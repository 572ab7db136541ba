import type { Logger } from 'pino';
import type { Cancellation } from '../../shared/cancellation/cancellation.js';
import type { BatchTerms, SendTogether } from './batches.js';
import { NoListOfAnswers, received, receivedTogether } from './subgraph-response.js';
import { isConnectionLoss, type HttpAnswer } from './subgraph-connections.js';

/** Statuses that speak of the caller's token or of the state of the service, and not of what was sent. */
const NOT_ABOUT_THE_BODY = new Set([401, 408, 429, 502, 503, 504]);

/** Sends one body; it may be sent again when the connection breaks. */
type Post = (body: string, terms: BatchTerms, cancellation: Cancellation) => Promise<HttpAnswer>;

/**
 * Sends several requests to one subgraph as a list, and singly if it refuses lists. A subgraph that refused a list and
 * answered the same requests singly is sent no list until it may have become another one: after a change of its schema, a
 * reconnect, or an outage.
 */
export class ListRequests {
  readonly #subgraph: string;
  readonly #log: Logger;
  readonly #post: Post;
  #isRefused = false;
  #isLogged = false;

  constructor(subgraph: string, log: Logger, post: Post) {
    this.#subgraph = subgraph;
    this.#log = log;
    this.#post = post;
  }

  /** Whether lists are refused, as far as the last answers tell. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** The next requests are sent as a list again. */
  lookAgain(): void {
    this.#isRefused = false;
  }

  /** None of the requests may change anything: each may be sent twice. */
  async send(...[bodies, terms, cancellation]: Parameters<SendTogether>): ReturnType<SendTogether> {
    const [first] = bodies;
    if (bodies.length === 1 && first !== undefined) {
      return [received(await this.#post(first, terms, cancellation))];
    }
    try {
      const answers = receivedTogether(
        await this.#post(`[${bodies.join()}]`, terms, cancellation),
        bodies.length,
      );
      [this.#isRefused, this.#isLogged] = [false, false];
      return answers;
    } catch (cause) {
      if (!mayBeRefusal(cause)) throw cause;
      return this.#sendSingly(cause, bodies, terms, cancellation);
    }
  }

  /** If none is answered singly either, it was no refusal of lists, and all of it is one failure. */
  async #sendSingly(refusal: Error, ...[bodies, terms, cancellation]: Parameters<SendTogether>) {
    const answers = bodies.map(async (body) =>
      received(await this.#post(body, terms, cancellation)),
    );
    const outcomes = await Promise.allSettled(answers);
    cancellation.check();
    if (outcomes.every(({ status }) => status === 'rejected')) throw refusal;
    this.#refused(refusal);
    return answers;
  }

  /** Logged once, until a list is accepted again. */
  #refused(refusal: Error): void {
    this.#isRefused = true;
    if (this.#isLogged) return;
    this.#isLogged = true;
    this.#log.warn(
      { subgraph: this.#subgraph, err: refusal },
      'a subgraph refuses lists of requests but answers single ones; it is asked singly from now on',
    );
  }
}

/** Whether what came instead of a list of answers may mean that the subgraph takes no lists. */
function mayBeRefusal(cause: unknown): cause is Error {
  return cause instanceof NoListOfAnswers
    ? !NOT_ABOUT_THE_BODY.has(cause.status)
    : isConnectionLoss(cause);
}
