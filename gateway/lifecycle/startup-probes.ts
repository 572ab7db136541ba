import { setTimeout as delay } from 'node:timers/promises';

/** A subgraph that can be probed. */
interface ProbedSubgraph {
  probe(): Promise<boolean>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Probes every subgraph until it has answered once. A gateway that cannot reach a subgraph, because of a wrong address or wrong
 * keys, would otherwise report itself ready.
 */
export class StartupProbes {
  readonly #missing: Set<string>;
  readonly #ending = new AbortController();

  constructor(sources: Readonly<Record<string, ProbedSubgraph>>) {
    this.#missing = new Set(Object.keys(sources));
    this.firstRound = Promise.all(
      Object.entries(sources).map(([name, source]) => this.#probe(name, source)),
    ).then(() => undefined);
  }

  /** Resolves when the first probe of each has ended, with or without success. */
  readonly firstRound: Promise<void>;

  /** The subgraphs that have not answered yet. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  close(): void {
    this.#ending.abort();
  }

  async #probe(name: string, source: ProbedSubgraph): Promise<void> {
    if (await source.probe()) this.#missing.delete(name);
    else void this.#retry(name, source);
  }

  async #retry(name: string, source: ProbedSubgraph): Promise<void> {
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
