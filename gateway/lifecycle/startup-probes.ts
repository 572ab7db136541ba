import { setTimeout as delay } from 'node:timers/promises';
import type { SubgraphSource } from '../subgraph-http/subgraph-source.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Asks every subgraph until it has answered once. A gateway that cannot reach one, because it looks for it at another address or
 * holds other keys, would otherwise call itself ready.
 */
export class FirstAnswers {
  readonly #missing: Set<string>;
  readonly #ending = new AbortController();

  constructor(sources: Readonly<Record<string, Pick<SubgraphSource, 'probe'>>>) {
    this.#missing = new Set(Object.keys(sources));
    this.firstRound = Promise.all(
      Object.entries(sources).map(([name, source]) => this.#ask(name, source)),
    ).then(() => undefined);
  }

  /** Resolves when each has answered, or has not answered at the first attempt. */
  readonly firstRound: Promise<void>;

  /** The subgraphs that have not answered yet. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  close(): void {
    this.#ending.abort();
  }

  async #ask(name: string, source: Pick<SubgraphSource, 'probe'>): Promise<void> {
    if (await source.probe()) this.#missing.delete(name);
    else void this.#askAgain(name, source);
  }

  async #askAgain(name: string, source: Pick<SubgraphSource, 'probe'>): Promise<void> {
    const { signal } = this.#ending;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      if (await source.probe()) {
        this.#missing.delete(name);
        return;
      }
    }
  }
}
