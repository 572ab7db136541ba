import type { ApolloGateway } from '@apollo/gateway';
import { getVariableValues, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { FetchSources } from '../execution/run.js';
import type { SupergraphState } from '../federation/supergraph-state.js';
import type { RequestContext } from '../request-context.js';
import type { RestrictedOperations } from './restricted-operations.js';
import { restricted } from './restriction.js';

export interface ExecutorEnvironment {
  /** What belongs to the schema a request was validated against. Throws when its rights are not known. */
  stateOf(schema: GraphQLSchema): SupergraphState;
  operations: RestrictedOperations;
  sources: FetchSources;
  log: Logger;
}

type GatewayExecutor = ApolloGateway['executor'];

/** Answers queries and mutations: only what the caller may see is planned, and only that is executed. */
export function restrictedExecutor(environment: ExecutorEnvironment): GatewayExecutor {
  const { stateOf, operations, sources, log } = environment;
  return async (requestContext) => {
    const { request, operation } = requestContext;
    const state = stateOf(requestContext.schema);
    const variables = request.variables ?? {};
    const definitions = operation.variableDefinitions ?? [];
    const { errors } = getVariableValues(state.schema, definitions, variables);
    if (errors) return { errors };

    const context = requestContext.context as RequestContext;
    const planning = context.span?.begin('plan');
    const { plan, restriction } = operations.of(state, context.identity?.claims, requestContext);
    planning?.end();
    const result = await plan.execute({ variables, context, sources, log });
    return restriction ? restricted(result, restriction, variables) : result;
  };
}
