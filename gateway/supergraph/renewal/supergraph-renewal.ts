import type { SupergraphManager } from '@apollo/gateway';
import type { Logger } from 'pino';
import { compose } from './composition.js';
import { schemasDigest } from './schemas-digest.js';
import { SupergraphFile } from './supergraph-file.js';
import { SubgraphSchemas, type SchemaSource } from './subgraph-schemas.js';

export interface RenewalOptions {
  /** Last known good: the hub starts from it even when subgraphs are unavailable. */
  committed: string;
  /** Digest of the schemas from which it was composed, if known: from the same ones it is not composed again. */
  committedSchemas: string | undefined;
  dataFolder: string;
  /** 0 turns polling off. */
  pollSeconds: number;
  sources: Readonly<Record<string, SchemaSource>>;
  log: Logger;
  /** Derives everything that depends on a supergraph. Throws, without any change, when it cannot be served. */
  prepare(supergraph: string): PreparedSupergraph;
}

export interface PreparedSupergraph {
  /** The supergraph as the gateway package takes it. */
  served: string;
  /** Names of its subgraphs. */
  subgraphs: readonly string[];
  /** Makes it the current supergraph. */
  activate(): void;
}

type Update = (supergraph: string) => void;

/** Keeps gateways that were started together from polling together for ever. */
const JITTER = 0.2;

/**
 * Keeps the supergraph up to date with the schemas of the subgraphs. Schemas that do not compose, or cannot be served, are
 * reported and change nothing. An unavailable subgraph keeps its part: a supergraph is never composed without a subgraph of
 * the current one.
 */
export class SupergraphRenewal implements SupergraphManager {
  readonly #options: RenewalOptions;
  readonly #schemas: SubgraphSchemas;
  readonly #file: SupergraphFile;
  readonly #ending = new AbortController();
  #current: string;
  #subgraphs: readonly string[] = [];
  /** Digest of the schemas that were composed last. */
  #lastComposed: string | undefined;
  #problem: string | undefined;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> = Promise.resolve();

  constructor(options: RenewalOptions) {
    this.#options = options;
    this.#schemas = new SubgraphSchemas(options.sources);
    this.#file = new SupergraphFile(options.dataFolder, options.committed);
    this.#current = options.committed;
  }

  /** Whether the newest schemas of the subgraphs could not be adopted. The log says why. */
  get isBehind(): boolean {
    return this.#problem !== undefined;
  }

  /** How often schemas could not be adopted; each state of them counts once. */
  get failures(): number {
    return this.#failures;
  }

  async initialize({ update }: { update: Update }) {
    const first = (await this.#prepareSaved()) ?? this.#prepareCommitted();
    this.#subgraphs = first.subgraphs;
    first.activate();
    this.#schedulePoll(update);
    return { supergraphSdl: first.served, cleanup: () => this.close() };
  }

  async close(): Promise<void> {
    this.#ending.abort();
    clearTimeout(this.#timer);
    await this.#polling;
  }

  #prepareCommitted(): PreparedSupergraph {
    const { committed, committedSchemas, prepare } = this.#options;
    this.#lastComposed = committedSchemas;
    return prepare(committed);
  }

  async #prepareSaved(): Promise<PreparedSupergraph | undefined> {
    const { log, prepare } = this.#options;
    try {
      const saved = await this.#file.read();
      if (saved === undefined) return undefined;
      const prepared = prepare(saved);
      this.#current = saved;
      return prepared;
    } catch (cause) {
      log.warn(
        { err: cause },
        'the saved supergraph cannot be used; starting from the committed one',
      );
      return undefined;
    }
  }

  #schedulePoll(update: Update): void {
    const { pollSeconds } = this.#options;
    if (pollSeconds === 0 || this.#ending.signal.aborted) return;
    const jitter = 1 + JITTER * (2 * Math.random() - 1);
    this.#timer = setTimeout(
      () => {
        this.#polling = this.#poll(update)
          .catch((cause: unknown) => this.#report(cause))
          .finally(() => this.#schedulePoll(update));
      },
      pollSeconds * 1000 * jitter,
    ).unref();
  }

  async #poll(update: Update): Promise<void> {
    await this.#schemas.poll();
    const { known } = this.#schemas;
    const names = new Set(known.map(({ name }) => name));
    const state = schemasDigest(known);
    if (state === this.#lastComposed || this.#subgraphs.some((name) => !names.has(name))) return;

    const composition = await compose(known, this.#ending.signal);
    this.#lastComposed = state;
    if ('problems' in composition) throw new Error(composition.problems.join('\n'));
    this.#problem = undefined;
    if (composition.supergraphSdl.trim() !== this.#current.trim()) {
      await this.#adopt(composition.supergraphSdl, update);
    }
  }

  async #adopt(supergraph: string, update: Update): Promise<void> {
    const prepared = this.#options.prepare(supergraph);
    // Both in one tick: no request sees the one without the other. Running operations keep the supergraph they began with.
    update(prepared.served);
    prepared.activate();
    this.#current = supergraph;
    this.#subgraphs = prepared.subgraphs;
    this.#options.log.info('the supergraph was renewed from the schemas of the subgraphs');
    await this.#file.write(supergraph);
  }

  #report(cause: unknown): void {
    if (this.#ending.signal.aborted) return;
    const problem = cause instanceof Error ? cause.message : String(cause);
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#failures += 1;
    this.#options.log.error(
      { err: cause },
      'the schemas of the subgraphs cannot be adopted; the supergraph stays as it is',
    );
  }
}
