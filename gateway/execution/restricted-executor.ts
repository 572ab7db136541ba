import type { ApolloGateway } from '@apollo/gateway';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Cancellation } from '../../shared/cancellation/cancellation.js';
import { claimSetKey } from '../../shared/identity/claims.js';
import { coercedVariables } from '../core/coerced-variables.js';
import type { FetchSources } from './fetching/run.js';
import type { SharedWork } from '../core/single-flight.js';
import type { SupergraphState } from '../supergraph/supergraph-state.js';
import type { OperationsUnderWay } from '../limits/concurrent-operations.js';
import type { RequestContext } from '../core/request-context.js';
import type { RestrictedOperations } from './restricted-operations.js';
import { restricted } from '../access/rights/restriction.js';

export interface ExecutorEnvironment {
  /** What belongs to the schema a request was validated against. Throws when its rights are not known. */
  stateOf(schema: GraphQLSchema): SupergraphState;
  operations: RestrictedOperations;
  /** How many each caller has. */
  underWay: OperationsUnderWay;
  /** Operations by what is left of them, then by claim set and variables. */
  shared: SharedWork<ExecutionResult>;
  sources: FetchSources;
  log: Logger;
}

type GatewayExecutor = ApolloGateway['executor'];

/** Answers queries and mutations: only what the caller may see is planned, and only that is executed. */
export function restrictedExecutor(environment: ExecutorEnvironment): GatewayExecutor {
  const { stateOf, operations, underWay, shared, sources, log } = environment;
  return async (requestContext) => {
    const { request, operation } = requestContext;
    const state = stateOf(requestContext.schema);
    const variables = request.variables ?? {};
    const context = requestContext.context as RequestContext;
    const { identity, caller, span, coerced } = context;
    const { errors } =
      coerced?.schema === state.schema
        ? coerced.variables
        : coercedVariables(state.schema, operation, variables);
    if (errors) return { errors };

    const planning = span?.begin('plan');
    const restrictedOperation = operations.of(state, identity?.claims, requestContext);
    planning?.end();
    const { plan, restriction, isPersonal } = restrictedOperation;
    const operationName = operation.name?.value;
    // A mutation runs to its end, whoever waits for it, also while it waits for its turn.
    const cancellation = operation.operation === 'query' ? context.cancellation : undefined;
    const run = async (until?: Cancellation) => {
      const named = isPersonal && operationName ? { operationName } : undefined;
      const own = { ...context, ...named, cancellation: until };
      const result = await plan.execute({ variables, context: own, sources, log });
      return restriction ? restricted(result, restriction, variables) : result;
    };
    const waiting = underWay.begin(caller, cancellation);
    if (waiting) await waiting;
    try {
      if (isPersonal || !identity) return await run(cancellation);

      const what = `${claimSetKey(identity.claims)} ${JSON.stringify(variables)}`;
      const joined = shared.joined(restrictedOperation, what, run, cancellation);
      if (joined) {
        span?.tell({ 'vierblatt.operation.shared': true });
        return await joined;
      }
      return await shared.begin(restrictedOperation, what, run, cancellation);
    } finally {
      underWay.end(caller);
    }
  };
}
