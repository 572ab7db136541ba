import { ApolloGateway } from '@apollo/gateway';
import type { ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import { disableApolloTelemetry, USUAL_BATCH_SIZE } from '../shared/env.js';
import type { MintToken } from '../shared/identity/index.js';
import { DocumentStore, WriteEpoch, SingleFlight, type FetchOutcome } from './core/index.js';
import { hasFault } from './faults/index.js';
import { type OperationSlots, restrictedGateway, RestrictedOperations } from './execution/index.js';
import { SubgraphSource, type SubgraphSourceOptions } from './subgraph-http/index.js';
import {
  SupergraphRenewal,
  type PreparedSupergraph,
  supergraphState,
  type SupergraphState,
} from './supergraph/index.js';

export interface FederationOptions {
  /** The committed supergraph, last known good. */
  supergraphSdl: string;
  /** Digest of the schemas from which it was composed, if known. */
  committedSchemas: string | undefined;
  dataFolder: string;
  /** How often the schemas of the subgraphs are requested; 0 turns polling off. */
  pollSeconds: number;
  subgraphUrl: Readonly<Record<string, string>>;
  /** By subgraph; the others have the default. */
  subgraphTimeoutMs: Readonly<Record<string, number>>;
  /** The largest number of requests in one batch, by subgraph; the others have the default. */
  subgraphBatchSize: Readonly<Record<string, number>>;
  mint: MintToken;
  slots: OperationSlots;
  log: Logger;
  fetched?: (subgraph: string, outcome: FetchOutcome, seconds: number) => void;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** The gateway package with our data sources and our executor, and the parts of the same supergraph that subscriptions need. */
export class FederatedGateway {
  /** Executes operations without the fields that the caller may not see. */
  readonly restricted: ReturnType<typeof restrictedGateway>;
  readonly sources: Readonly<Record<string, SubgraphSource>>;
  readonly renewal: SupergraphRenewal;
  readonly writes = new WriteEpoch();
  /** Operations of clients that passed validation. */
  readonly documents = new DocumentStore();
  readonly #listeners = new Set<() => void>();
  readonly #log: Logger;
  #state: SupergraphState | undefined;
  /** Becomes current in the tick in which the gateway package takes it over. */
  #prepared: SupergraphState | undefined;

  constructor(options: FederationOptions) {
    disableApolloTelemetry();
    const { log } = options;
    this.#log = log;
    const isAudited = (query: string) => this.#state?.audited.areRequestedBy(query) ?? false;
    const recordOperationFor = (query: string) => this.#state?.recorded.recordOperationFor(query);
    this.sources = sourcesOf(options, { isAudited, recordOperationFor, writes: this.writes });
    this.renewal = new SupergraphRenewal({
      committed: options.supergraphSdl,
      committedSchemas: options.committedSchemas,
      dataFolder: options.dataFolder,
      pollSeconds: options.pollSeconds,
      sources: this.sources,
      log,
      prepare: (supergraph) => this.#prepare(supergraph),
    });
    const apollo = new ApolloGateway({
      supergraphSdl: this.renewal,
      logger: quietly(log),
      // On in development otherwise, and would show every client the plan of its query.
      __exposeQueryPlanExperimental: false,
    });
    handOverSupergraphs(apollo, () => this.#prepared);
    const operations = new RestrictedOperations(this.documents);
    const inFlight = new SingleFlight<ExecutionResult>(this.writes, hasFault);
    const { slots } = options;
    const environment = { operations, slots, inFlight, sources: this.sources, log };
    this.restricted = restrictedGateway(apollo, environment, (served) =>
      this.#prepared?.served === served ? this.#prepared : undefined,
    );
    this.onChange(() => {
      operations.warm(this.state).catch((err: unknown) => {
        log.error(
          { err },
          'operations could not be planned in advance; each is planned when it is requested',
        );
      });
    });
  }

  get isLoaded(): boolean {
    return this.#state !== undefined;
  }

  get state(): SupergraphState {
    if (!this.#state) throw new Error('The supergraph was read before it was loaded.');
    return this.#state;
  }

  /** Calls the listener whenever another supergraph becomes current, but not for the first. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.sources).map((source) => source.close()));
    await this.renewal.close();
  }

  // Everything that can fail, fails here: an activated supergraph is complete.
  #prepare(supergraph: string): PreparedSupergraph {
    const state = supergraphState(supergraph, this.#log);
    for (const name of state.subgraphs) this.#sourceOf(name);
    this.#prepared = state;
    return {
      served: state.served,
      subgraphs: state.subgraphs,
      activate: () => {
        const isFirst = this.#state === undefined;
        this.#state = state;
        if (!isFirst) for (const listener of this.#listeners) listener();
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
  common: Pick<SubgraphSourceOptions, 'isAudited' | 'recordOperationFor' | 'writes'>,
): Record<string, SubgraphSource> {
  return Object.fromEntries(
    Object.entries(subgraphUrl).map(([name, url]) => {
      const timeoutMs = subgraphTimeoutMs[name] ?? DEFAULT_TIMEOUT_MS;
      const batchSize = subgraphBatchSize[name] ?? USUAL_BATCH_SIZE;
      const measured = fetched && { fetched };
      const own = { name, url, mint, log, timeoutMs, batchSize };
      return [name, new SubgraphSource({ ...own, ...common, ...measured })];
    }),
  );
}

/** Lowers the levels of the gateway package, which logs details at every start. */
function quietly(log: Logger) {
  return {
    debug: (message?: unknown) => log.trace(message),
    info: (message?: unknown) => log.debug(message),
    warn: (message?: unknown) => log.warn(message),
    error: (message?: unknown) => log.error(message),
  };
}

/**
 * Gives the gateway package each supergraph as it was built before, in place of the method by which the package builds it from the text
 * once more: that took a tenth of the gateway's start. Without such a method in a later release of the package it builds as it does.
 */
function handOverSupergraphs(
  apollo: ApolloGateway,
  preparedState: () => SupergraphState | undefined,
): void {
  const createSchemaFromSupergraphSdl = (supergraphSdl: string) => {
    const prepared = preparedState();
    if (prepared?.served !== supergraphSdl) {
      throw new Error('the gateway package was given a supergraph that was not prepared');
    }
    return { supergraph: prepared.supergraph, supergraphSdl };
  };
  Object.assign(apollo, { createSchemaFromSupergraphSdl });
}
