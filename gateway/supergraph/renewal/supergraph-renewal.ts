import type { SupergraphManager } from '@apollo/gateway';
import type { Logger } from 'pino';
import { compose } from './composition.js';
import { KeptSupergraph } from './kept-supergraph.js';
import { SubgraphSchemas } from './subgraph-schemas.js';
import type { SubgraphSource } from '../../subgraph-http/subgraph-source.js';

export interface RenewalOptions {
  /** Last known good: what the hub starts from, whatever is away. */
  committed: string;
  dataFolder: string;
  /** 0: never look again. */
  pollSeconds: number;
  sources: Readonly<Record<string, SubgraphSource>>;
  log: Logger;
  /** Makes everything that follows from a supergraph. Throws when it cannot be served; nothing has changed then. */
  prepare(supergraph: string): PreparedSupergraph;
}

export interface PreparedSupergraph {
  /** What the gateway package is given. */
  served: string;
  /** The subgraphs it is made of. */
  subgraphs: readonly string[];
  /** From now on it counts. */
  begin(): void;
}

type Update = (supergraph: string) => void;

/** Several gateways that were started together are not to ask together for ever. */
const JITTER = 0.2;

/**
 * Keeps the supergraph up to date with what the subgraphs say of themselves. What does not compose, or cannot be served,
 * is reported and changes nothing. A subgraph that is away keeps its part: nothing is ever composed without one that the
 * current supergraph has.
 */
export class SupergraphRenewal implements SupergraphManager {
  readonly #options: RenewalOptions;
  readonly #schemas: SubgraphSchemas;
  readonly #kept: KeptSupergraph;
  readonly #ending = new AbortController();
  #current: string;
  #subgraphs: readonly string[] = [];
  #considered = '';
  #problem: string | undefined;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: RenewalOptions) {
    this.#options = options;
    this.#schemas = new SubgraphSchemas(options.sources);
    this.#kept = new KeptSupergraph(options.dataFolder, options.committed);
    this.#current = options.committed;
  }

  /** Whether the newest schemas of the subgraphs could not be taken over. The log says why. */
  get isBehind(): boolean {
    return this.#problem !== undefined;
  }

  /** How often schemas could not be taken over; each state of them counts once. */
  get failures(): number {
    return this.#failures;
  }

  async initialize({ update }: { update: Update }) {
    const first = (await this.#preparedKept()) ?? this.#options.prepare(this.#options.committed);
    this.#subgraphs = first.subgraphs;
    first.begin();
    this.#lookLater(update);
    return { supergraphSdl: first.served, cleanup: () => this.close() };
  }

  async close(): Promise<void> {
    this.#ending.abort();
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #preparedKept(): Promise<PreparedSupergraph | undefined> {
    const { log, prepare } = this.#options;
    try {
      const kept = await this.#kept.read();
      if (kept === undefined) return undefined;
      const prepared = prepare(kept);
      this.#current = kept;
      return prepared;
    } catch (cause) {
      log.warn({ err: cause }, 'the kept supergraph is of no use; starting from the committed one');
      return undefined;
    }
  }

  #lookLater(update: Update): void {
    const { pollSeconds } = this.#options;
    if (pollSeconds === 0 || this.#ending.signal.aborted) return;
    const jitter = 1 + JITTER * (2 * Math.random() - 1);
    this.#timer = setTimeout(
      () => {
        this.#looking = this.#look(update)
          .catch((cause: unknown) => this.#report(cause))
          .finally(() => this.#lookLater(update));
      },
      pollSeconds * 1000 * jitter,
    ).unref();
  }

  async #look(update: Update): Promise<void> {
    await this.#schemas.ask();
    const { seen } = this.#schemas;
    const names = new Set(seen.map(({ name }) => name));
    const state = JSON.stringify(seen);
    if (state === this.#considered || this.#subgraphs.some((name) => !names.has(name))) return;

    const composition = await compose(seen, this.#ending.signal);
    this.#considered = state;
    if ('problems' in composition) throw new Error(composition.problems.join('\n'));
    this.#problem = undefined;
    if (composition.supergraphSdl.trim() !== this.#current.trim()) {
      await this.#takeOver(composition.supergraphSdl, update);
    }
  }

  async #takeOver(supergraph: string, update: Update): Promise<void> {
    const prepared = this.#options.prepare(supergraph);
    // Both in this turn: no request sees the one without the other. What runs goes on with what it began with.
    update(prepared.served);
    prepared.begin();
    this.#current = supergraph;
    this.#subgraphs = prepared.subgraphs;
    this.#options.log.info('the supergraph was renewed from the schemas of the subgraphs');
    await this.#kept.write(supergraph);
  }

  #report(cause: unknown): void {
    if (this.#ending.signal.aborted) return;
    const problem = cause instanceof Error ? cause.message : String(cause);
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#failures += 1;
    this.#options.log.error(
      { err: cause },
      'the schemas of the subgraphs cannot be taken over; the supergraph stays as it is',
    );
  }
}
