/** The ground that all folders of the gateway share: caller, context of the request, requests to subgraphs, documents. */
export { type Caller, type ClientIdentity, callerOf } from './caller.js';
export { networkOf } from './client-network.js';
export { type CoercedVariables, coercedVariables } from './coerced-variables.js';
export { DocumentStore, documentPrefix } from './document-store.js';
export type { RequestContext } from './request-context.js';
export { safeOperation, safeVariables, withSafeVariables } from './safe-variables.js';
export { GATEWAY_IDENTITY, RECORDER_IDENTITY } from './service-identities.js';
export { SingleFlight } from './single-flight.js';
export { type Spending, rateLimitHeaders, requestsSpending, withSpending } from './spending.js';
export type {
  FetchOutcome,
  FetchSource,
  FetchSources,
  SubgraphRequest,
  SubgraphRequestContext,
  SubgraphResponse,
} from './subgraph-request.js';
export { WriteEpoch } from './write-epoch.js';
