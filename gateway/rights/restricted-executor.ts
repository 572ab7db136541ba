import {
  buildOperationContext,
  executeQueryPlan,
  type ApolloGateway,
  type ServiceMap,
} from '@apollo/gateway';
import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import { getVariableValues, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { SupergraphState } from '../federation/supergraph-state.js';
import type { InternalIdentity } from '../../shared/identity/internal-tokens.js';
import type { Denied } from './rights-index.js';
import { restrict, restricted, type Restriction } from './restriction.js';

export interface ExecutorEnvironment {
  /** What belongs to the schema a request was validated against. Throws when its rights are not known. */
  stateOf(schema: GraphQLSchema): SupergraphState;
  sources: ServiceMap;
}

interface RestrictedOperation {
  plan: QueryPlan;
  shape: ReturnType<typeof buildOperationContext>;
  restriction: Restriction | undefined;
}

type GatewayExecutor = ApolloGateway['executor'];
type ExecutorRequest = Parameters<GatewayExecutor>[0];

const MOST_OPERATIONS = 1_000;

/** Answers queries and mutations by the gateway packages' own means, except that only what the caller may see is planned. */
export function restrictedExecutor({ stateOf, sources }: ExecutorEnvironment): GatewayExecutor {
  const operations = new LRUCache<string, RestrictedOperation>({ max: MOST_OPERATIONS });

  return async (requestContext) => {
    const { request, operation, queryHash, operationName } = requestContext;
    const state = stateOf(requestContext.schema);
    const raw = request.variables ?? {};
    const { errors } = getVariableValues(state.schema, operation.variableDefinitions ?? [], raw);
    if (errors) return { errors };

    const { identity } = requestContext.context as { identity?: InternalIdentity };
    const denied = state.rights.deniedTo(identity?.claims);
    const key = JSON.stringify([state.epoch, denied.key, operationName, queryHash]);
    let known = operations.get(key);
    if (!known) operations.set(key, (known = restrictedOperation(state, denied, requestContext)));

    const { plan, shape, restriction } = known;
    const result = await executeQueryPlan(
      plan,
      sources,
      requestContext,
      shape,
      state.supergraphSchema,
      state.apiSchema,
    );
    return restriction ? restricted(result, restriction, raw) : result;
  };
}

function restrictedOperation(
  state: SupergraphState,
  denied: Denied,
  { document, operation, operationName }: ExecutorRequest,
): RestrictedOperation {
  const restriction = restrict(state.schema, denied, document, operation);
  const planned = restriction ? restriction.planned : document;
  return {
    plan: planned ? planOf(state, planned, operationName) : { kind: 'QueryPlan' },
    shape: buildOperationContext({
      schema: state.schema,
      operationDocument: restriction?.shaped ?? document,
      ...(operationName === null ? {} : { operationName }),
    }),
    restriction,
  };
}

function planOf(
  { apiSchema, planner }: SupergraphState,
  document: DocumentNode,
  operationName: string | null,
): QueryPlan {
  const options = operationName === null ? {} : { operationName };
  return planner.buildQueryPlan(operationFromDocument(apiSchema, document, options));
}
