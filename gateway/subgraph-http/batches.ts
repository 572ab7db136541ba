import { Cancellation, Cancelled } from '../../shared/cancellation/cancellation.js';
import type { Question } from '../core/subgraph-request.js';
import type { Received } from './subgraph-response.js';
import { UsualTimes } from './latency-estimates.js';

/** In characters; far below the longest request that a subgraph takes. */
const LONGEST_BATCH = 1_000_000;

/** So many turns of the event loop a question may wait for others. */
const MOST_TURNS = 4;

/** What several questions must have in common to be sent as one. */
export interface BatchTerms {
  token: string;
  forwarded?: Readonly<Record<string, string>> | undefined;
}

type Asked = Pick<Question, 'query' | 'body'>;

interface Waiting {
  question: Asked;
  cancellation: Cancellation | undefined;
  resolve: (received: Received | PromiseLike<Received>) => void;
  reject: (cause: unknown) => void;
}

interface Batch {
  terms: BatchTerms;
  waiting: Waiting[];
}

/** Sends the bodies as one, and gives an answer for each, or a promise that may reject for this one alone. */
export type SendTogether = (
  bodies: readonly string[],
  terms: BatchTerms,
  cancellation: Cancellation,
) => Promise<readonly (Received | PromiseLike<Received>)[]>;

/**
 * Gathers what is asked of one subgraph for a few turns of the event loop, and sends it as one request. Only what has the
 * same token and the same headers goes together: neither claim sets nor traces are mixed. What would keep the others waiting
 * goes alone.
 */
export class Batches {
  readonly #most: number;
  readonly #send: SendTogether;
  readonly #now: () => number;
  readonly #usualTimes = new UsualTimes();
  #gathering = new Map<string, Batch>();
  /** Since the last turn of the event loop. */
  #hasGrown = false;

  /** `now` is in milliseconds, of a clock that never goes back. */
  constructor(most: number, send: SendTogether, now: () => number) {
    this.#most = most;
    this.#send = send;
    this.#now = now;
  }

  ask(question: Asked, terms: BatchTerms, cancellation?: Cancellation): Promise<Received> {
    return new Promise((resolve, reject) => {
      if (this.#gathering.size === 0) this.#sendWithin(MOST_TURNS);
      this.#hasGrown = true;
      const { token, forwarded } = terms;
      const key = forwarded ? `${token} ${JSON.stringify(Object.entries(forwarded))}` : token;
      const batch = this.#gathering.get(key) ?? { terms, waiting: [] };
      this.#gathering.set(key, batch);
      batch.waiting.push({ question, cancellation, resolve, reject });
    });
  }

  /** While more comes in with each turn, yet more will; once a turn has brought nothing, all is sent. */
  #sendWithin(turns: number): void {
    this.#hasGrown = false;
    setImmediate(() => {
      if (this.#hasGrown && turns > 1) this.#sendWithin(turns - 1);
      else this.#sendAll();
    });
  }

  #sendAll(): void {
    const batches = [...this.#gathering.values()];
    this.#gathering = new Map();
    for (const { terms, waiting } of batches) {
      const together: Waiting[] = [];
      for (const one of waiting) {
        if (one.cancellation?.isCancelled) one.reject(new Cancelled());
        else if (this.#usualTimes.goesAlone(one.question.query)) void this.#sendOne([one], terms);
        else together.push(one);
      }
      for (const some of inRequests(together, this.#most)) void this.#sendOne(some, terms);
    }
  }

  async #sendOne(waiting: readonly Waiting[], terms: BatchTerms): Promise<void> {
    const since = this.#now();
    try {
      const bodies = waiting.map(({ question }) => question.body);
      const answers = await this.#send(bodies, terms, cancelledWith(waiting));
      const [first, ...others] = waiting;
      if (first && others.length === 0) {
        this.#usualTimes.took(first.question.query, this.#now() - since);
      }
      for (const [index, { resolve }] of waiting.entries()) resolve(answers[index]!);
    } catch (cause) {
      for (const { reject } of waiting) reject(cause);
    }
  }
}

/** Cancelled when nobody waits for any of the answers any more. */
function cancelledWith(waiting: readonly Waiting[]): Cancellation {
  const together = new Cancellation();
  let left = waiting.length;
  for (const { cancellation } of waiting) {
    cancellation?.onCancel(() => {
      left -= 1;
      if (left === 0) together.cancel();
    });
  }
  return together;
}

/** In the order they were asked; who is too long to go with others goes alone. */
function* inRequests(waiting: readonly Waiting[], most: number): Iterable<Waiting[]> {
  let together: Waiting[] = [];
  let length = 0;
  for (const one of waiting) {
    const { body } = one.question;
    const isFull = together.length === most || length + body.length > LONGEST_BATCH;
    if (isFull && together.length > 0) {
      yield together;
      [together, length] = [[], 0];
    }
    together.push(one);
    length += body.length;
  }
  if (together.length > 0) yield together;
}
