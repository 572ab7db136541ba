import type { Received } from './received.js';

/** Far below the longest request that a subgraph takes. */
const LONGEST_BATCH = 1_000_000;

/** What several questions must have in common to be sent as one. */
export interface BatchTerms {
  token: string;
  forwarded?: Readonly<Record<string, string>> | undefined;
}

interface Waiting {
  body: string;
  resolve: (received: Received) => void;
  reject: (cause: unknown) => void;
}

interface Batch {
  terms: BatchTerms;
  waiting: Waiting[];
}

/** Sends the bodies as one, and gives an answer for each. */
export type SendTogether = (bodies: readonly string[], terms: BatchTerms) => Promise<Received[]>;

/**
 * Gathers what is asked of one subgraph until the process has nothing else to do, and sends it as one request. Only what has
 * the same token and the same headers goes together: neither claim sets nor traces are mixed.
 */
export class Batches {
  readonly #most: number;
  readonly #send: SendTogether;
  #gathering = new Map<string, Batch>();

  constructor(most: number, send: SendTogether) {
    this.#most = most;
    this.#send = send;
  }

  ask(body: string, terms: BatchTerms): Promise<Received> {
    return new Promise((resolve, reject) => {
      if (this.#gathering.size === 0) setImmediate(() => this.#sendAll());
      const { token, forwarded } = terms;
      const key = forwarded ? `${token} ${JSON.stringify(Object.entries(forwarded))}` : token;
      const batch = this.#gathering.get(key) ?? { terms, waiting: [] };
      this.#gathering.set(key, batch);
      batch.waiting.push({ body, resolve, reject });
    });
  }

  #sendAll(): void {
    const batches = [...this.#gathering.values()];
    this.#gathering = new Map();
    for (const { terms, waiting } of batches) {
      for (const together of inRequests(waiting, this.#most)) void this.#sendOne(together, terms);
    }
  }

  async #sendOne(waiting: readonly Waiting[], terms: BatchTerms): Promise<void> {
    try {
      const answers = await this.#send(
        waiting.map(({ body }) => body),
        terms,
      );
      for (const [index, { resolve }] of waiting.entries()) resolve(answers[index]!);
    } catch (cause) {
      for (const { reject } of waiting) reject(cause);
    }
  }
}

/** In the order they were asked; who is too long to go with others goes alone. */
function* inRequests(waiting: readonly Waiting[], most: number): Iterable<Waiting[]> {
  let together: Waiting[] = [];
  let length = 0;
  for (const one of waiting) {
    const isFull = together.length === most || length + one.body.length > LONGEST_BATCH;
    if (isFull && together.length > 0) {
      yield together;
      [together, length] = [[], 0];
    }
    together.push(one);
    length += one.body.length;
  }
  yield together;
}
