import { ApolloGateway } from '@apollo/gateway';
import type { Logger } from 'pino';
import { disableApolloTelemetry } from '../../shared/env.js';
import type { MintToken } from '../../shared/identity/internal-tokens.js';
import { SubgraphSource } from './subgraph-source.js';
import { supergraphState, type SupergraphState } from './supergraph-state.js';

export interface FederationOptions {
  supergraphSdl: string;
  subgraphUrl: Readonly<Record<string, string>>;
  subgraphTimeoutMs: number;
  mint: MintToken;
  log: Logger;
}

/** The stock gateway over our data sources, and what the subscriptions beside it need of the same supergraph. */
export class FederatedGateway {
  readonly apollo: ApolloGateway;
  readonly sources: Record<string, SubgraphSource> = {};
  #state: SupergraphState | undefined;

  constructor({ supergraphSdl, subgraphUrl, subgraphTimeoutMs, mint, log }: FederationOptions) {
    disableApolloTelemetry();
    this.apollo = new ApolloGateway({
      supergraphSdl,
      logger: quietly(log),
      // On in development otherwise, and would tell every client how its query is split.
      __exposeQueryPlanExperimental: false,
      buildService: ({ name }) => {
        const url = Object.hasOwn(subgraphUrl, name) ? subgraphUrl[name] : undefined;
        if (url === undefined) {
          throw new Error(
            `The supergraph has a subgraph "${name}", but no setting says where it is.`,
          );
        }
        return (this.sources[name] = new SubgraphSource({
          name,
          url,
          mint,
          log,
          timeoutMs: subgraphTimeoutMs,
        }));
      },
    });
    this.apollo.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
      this.#state = supergraphState(coreSupergraphSdl, apiSchema);
    });
  }

  get isLoaded(): boolean {
    return this.#state !== undefined;
  }

  get state(): SupergraphState {
    if (!this.#state) throw new Error('The supergraph was asked for before it was loaded.');
    return this.#state;
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.sources).map((source) => source.close()));
  }
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
