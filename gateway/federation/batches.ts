import type { Received } from './received.js';

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
      for (let from = 0; from < waiting.length; from += this.#most) {
        void this.#sendOne(waiting.slice(from, from + this.#most), terms);
      }
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
