import { ApolloGateway } from '@apollo/gateway';
import type { ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import { USUAL_BATCH_SIZE } from '../shared/env.js';
import { disableApolloTelemetry } from '../shared/env.js';
import type { MintToken } from '../shared/identity/internal-tokens.js';
import { Documents } from './core/document-store.js';
import { hasFault } from './faults/subgraph-errors.js';
import type { OperationsUnderWay } from './limits/concurrent-operations.js';
import { restrictedGateway } from './execution/restricted-gateway.js';
import { RestrictedOperations } from './execution/restricted-operations.js';
import { Changes } from './core/write-epoch.js';
import { SharedWork } from './core/single-flight.js';
import {
  SubgraphSource,
  type FetchOutcome,
  type SubgraphSourceOptions,
} from './subgraph-http/subgraph-source.js';
import {
  SupergraphRenewal,
  type PreparedSupergraph,
} from './supergraph/renewal/supergraph-renewal.js';
import { supergraphState, type SupergraphState } from './supergraph/supergraph-state.js';

export interface FederationOptions {
  /** The committed one, last known good. */
  supergraphSdl: string;
  dataFolder: string;
  /** How often the subgraphs are asked for their schemas; 0 for never. */
  pollSeconds: number;
  subgraphUrl: Readonly<Record<string, string>>;
  /** By subgraph; those that are not named have the usual one. */
  subgraphTimeoutMs: Readonly<Record<string, number>>;
  /** How many questions may go in one request, by subgraph; those that are not named have the usual number. */
  subgraphBatchSize: Readonly<Record<string, number>>;
  mint: MintToken;
  /** How many operations each caller has. */
  underWay: OperationsUnderWay;
  log: Logger;
  fetched?: (subgraph: string, outcome: FetchOutcome, seconds: number) => void;
}

const USUAL_TIMEOUT_MS = 10_000;

/** The gateway package over our data sources and our executor, and what the subscriptions beside it need of the same supergraph. */
export class FederatedGateway {
  /** Answers with nothing that the caller may not see. */
  readonly restricted: ReturnType<typeof restrictedGateway>;
  readonly sources: Readonly<Record<string, SubgraphSource>>;
  readonly renewal: SupergraphRenewal;
  readonly changes = new Changes();
  /** Texts of clients that were found valid. */
  readonly documents = new Documents();
  readonly #changed = new Set<() => void>();
  readonly #log: Logger;
  #state: SupergraphState | undefined;
  /** Begins to count in the turn in which the gateway package takes it over. */
  #prepared: SupergraphState | undefined;

  constructor(options: FederationOptions) {
    disableApolloTelemetry();
    const { log } = options;
    this.#log = log;
    const isAudited = (query: string) => this.#state?.audited.areAskedFor(query) ?? false;
    const recordedBy = (query: string) => this.#state?.recorded.recordedBy(query);
    this.sources = sourcesOf(options, { isAudited, recordedBy, changes: this.changes });
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
    const operations = new RestrictedOperations(this.documents);
    const shared = new SharedWork<ExecutionResult>(this.changes, hasFault);
    const { underWay } = options;
    const environment = { operations, underWay, shared, sources: this.sources, log };
    this.restricted = restrictedGateway(apollo, environment, (served) =>
      this.#prepared?.served === served ? this.#prepared : undefined,
    );
    this.onChange(() => {
      operations.warm(this.state).catch((err: unknown) => {
        log.error(
          { err },
          'operations could not be planned anew; they will be when they are asked',
        );
      });
    });
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
    const state = supergraphState(supergraph, this.#log);
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
  { subgraphUrl, subgraphTimeoutMs, subgraphBatchSize, mint, log, fetched }: FederationOptions,
  common: Pick<SubgraphSourceOptions, 'isAudited' | 'recordedBy' | 'changes'>,
): Record<string, SubgraphSource> {
  return Object.fromEntries(
    Object.entries(subgraphUrl).map(([name, url]) => {
      const timeoutMs = subgraphTimeoutMs[name] ?? USUAL_TIMEOUT_MS;
      const batchSize = subgraphBatchSize[name] ?? USUAL_BATCH_SIZE;
      const measured = fetched && { fetched };
      const own = { name, url, mint, log, timeoutMs, batchSize };
      return [name, new SubgraphSource({ ...own, ...common, ...measured })];
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
