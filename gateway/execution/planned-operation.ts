import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import type { Logger } from 'pino';
import type { FetchSources, SubgraphRequestContext, SubgraphResponse } from '../core/index.js';
import type { JsonObject } from './fetching/index.js';

export interface PlannedOperation {
  plan: QueryPlan;
  /** The operation that shapes the result, in a document where it is found by its name. */
  document: DocumentNode;
  operationName?: string | null | undefined;
  /** The fetch to which an event is the response: the first fetch of `plan`. */
  eventFetch?: FetchNode;
}

export interface Execution {
  /** As the client sent them. */
  variables: JsonObject;
  context: SubgraphRequestContext;
  sources: FetchSources;
  /** Consumed: later responses are merged into it. */
  event?: SubgraphResponse;
  log: Logger;
}
