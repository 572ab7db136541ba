import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import type { Logger } from 'pino';
import type { QuestionContext, SubgraphAnswer } from '../core/subgraph-request.js';
import type { FetchSources, Json } from './fetching/run.js';

export interface PlannedOperation {
  plan: QueryPlan;
  /** The operation by which the result is shaped, in a document where it can be found by its name. */
  document: DocumentNode;
  operationName?: string | null | undefined;
  /** The fetch that an event answers. Its plan is `plan`, of which it is the first. */
  answeredByEvent?: FetchNode;
}

export interface Execution {
  /** As the client sent them. */
  variables: Json;
  context: QuestionContext;
  sources: FetchSources;
  /** Consumed: what comes later is merged into it. */
  event?: SubgraphAnswer;
  log: Logger;
}
