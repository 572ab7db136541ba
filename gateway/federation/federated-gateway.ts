import { ApolloGateway } from '@apollo/gateway';
import type { Logger } from 'pino';
import { disableApolloTelemetry } from '../../shared/env.js';
import type { MintToken } from '../../shared/identity/internal-tokens.js';
import { restrictedGateway } from '../rights/restricted-gateway.js';
import { SubgraphSource, type FetchOutcome } from './subgraph-source.js';
import { SupergraphRenewal, type PreparedSupergraph } from './supergraph-renewal.js';
import { supergraphState, type SupergraphState } from './supergraph-state.js';

export interface FederationOptions {
  /** The committed one, last known good. */
  supergraphSdl: string;
  dataFolder: string;
  /** How often the subgraphs are asked for their schemas; 0 for never. */
  pollSeconds: number;
  subgraphUrl: Readonly<Record<string, string>>;
  /** By subgraph; those that are not named have the usual one. */
  subgraphTimeoutMs: Readonly<Record<string, number>>;
  mint: MintToken;
  log: Logger;
  fetched?: (subgraph: string, outcome: FetchOutcome, seconds: number) => void;
}

const USUAL_TIMEOUT_MS = 10_000;

/** The stock gateway over our data sources, and what the subscriptions beside it need of the same supergraph. */
export class FederatedGateway {
  /** Answers with nothing that the caller may not see. */
  readonly restricted: ReturnType<typeof restrictedGateway>;
  readonly sources: Readonly<Record<string, SubgraphSource>>;
  readonly renewal: SupergraphRenewal;
  readonly #changed = new Set<() => void>();
  #state: SupergraphState | undefined;
  /** Begins to count in the turn in which the gateway package takes it over. */
  #prepared: SupergraphState | undefined;

  constructor(options: FederationOptions) {
    disableApolloTelemetry();
    const { log } = options;
    this.sources = sourcesOf(options, (query) => this.#state?.audited.areAskedFor(query) ?? false);
    this.renewal = new SupergraphRenewal({
      committed: options.supergraphSdl,
      dataFolder: options.dataFolder,
      pollSeconds: options.pollSeconds,
      sources: this.sources,
      log,
      prepare: (supergraph) => this.#prepare(supergraph),
    });
    const apollo = new ApolloGateway({
      supergraphSdl: this.renewal,
      logger: quietly(log),
      // On in development otherwise, and would tell every client how its query is split.
      __exposeQueryPlanExperimental: false,
      buildService: ({ name }) => this.#sourceOf(name),
    });
    this.restricted = restrictedGateway(apollo, this.sources, (served) =>
      this.#prepared?.served === served ? this.#prepared : undefined,
    );
  }

  get isLoaded(): boolean {
    return this.#state !== undefined;
  }

  get state(): SupergraphState {
    if (!this.#state) throw new Error('The supergraph was asked for before it was loaded.');
    return this.#state;
  }

  /** Tells whenever another supergraph counts, but not of the first. */
  onChange(listener: () => void): void {
    this.#changed.add(listener);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.sources).map((source) => source.close()));
    await this.renewal.close();
  }

  // Everything that can fail, fails here: a supergraph that is begun with has all that follows from it.
  #prepare(supergraph: string): PreparedSupergraph {
    const state = supergraphState(supergraph);
    for (const name of state.subgraphs) this.#sourceOf(name);
    this.#prepared = state;
    return {
      served: state.served,
      subgraphs: state.subgraphs,
      begin: () => {
        const isFirst = this.#state === undefined;
        this.#state = state;
        if (!isFirst) for (const tell of this.#changed) tell();
      },
    };
  }

  #sourceOf(name: string): SubgraphSource {
    const source = Object.hasOwn(this.sources, name) ? this.sources[name] : undefined;
    if (source) return source;
    throw new Error(`The supergraph has a subgraph "${name}", but no setting says where it is.`);
  }
}

function sourcesOf(
  { subgraphUrl, subgraphTimeoutMs, mint, log, fetched }: FederationOptions,
  isAudited: (query: string) => boolean,
): Record<string, SubgraphSource> {
  return Object.fromEntries(
    Object.entries(subgraphUrl).map(([name, url]) => {
      const timeoutMs = subgraphTimeoutMs[name] ?? USUAL_TIMEOUT_MS;
      const measured = fetched && { fetched };
      return [
        name,
        new SubgraphSource({ name, url, mint, isAudited, log, timeoutMs, ...measured }),
      ];
    }),
  );
}

/** What the gateway packages tell at every start is of interest only to those who look for it. */
function quietly(log: Logger) {
  return {
    debug: (message?: unknown) => log.trace(message),
    info: (message?: unknown) => log.debug(message),
    warn: (message?: unknown) => log.warn(message),
    error: (message?: unknown) => log.error(message),
  };
}
