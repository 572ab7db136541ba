import type { ApolloGateway } from '@apollo/gateway';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Cancellation } from '../../shared/cancellation/index.js';
import { claimSetKey } from '../../shared/identity/index.js';
import {
  coercedVariables,
  type FetchSources,
  type SingleFlight,
  type Caller,
  type RequestContext,
} from '../core/index.js';
import type { SupergraphState } from '../supergraph/index.js';
import type { RestrictedOperations } from './restricted-operations.js';
import { applyRestriction } from '../access/index.js';

/** How many operations of each caller run at the same time. */
export interface OperationSlots {
  /** Takes a slot: at once, then it returns undefined, or when the returned promise resolves. */
  begin(caller: Caller, cancellation?: Cancellation): Promise<void> | undefined;
  /** Releases the slot. */
  end(caller: Caller): void;
}

export interface ExecutorEnvironment {
  /** Returns the state of the schema that a request was validated against. Throws when its rights are not known. */
  stateOf(schema: GraphQLSchema): SupergraphState;
  operations: RestrictedOperations;
  slots: OperationSlots;
  /** Operations in flight, by restricted operation, then by claim set and variables. */
  inFlight: SingleFlight<ExecutionResult>;
  sources: FetchSources;
  log: Logger;
}

type GatewayExecutor = ApolloGateway['executor'];

/** Executes queries and mutations. Only fields that the caller may see are planned and fetched. */
export function restrictedExecutor(environment: ExecutorEnvironment): GatewayExecutor {
  const { stateOf, operations, slots, inFlight, sources, log } = environment;
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
    // A mutation runs to its end, even if nobody waits for it and while it waits for a slot.
    const cancellation = operation.operation === 'query' ? context.cancellation : undefined;
    const run = async (until?: Cancellation) => {
      const named = isPersonal && operationName ? { operationName } : undefined;
      const own = { ...context, ...named, cancellation: until };
      const result = await plan.execute({ variables, context: own, sources, log });
      return restriction ? applyRestriction(result, restriction, variables) : result;
    };
    const waiting = slots.begin(caller, cancellation);
    if (waiting) await waiting;
    try {
      if (isPersonal || !identity) return await run(cancellation);

      const key = `${claimSetKey(identity.claims)} ${JSON.stringify(variables)}`;
      const join = inFlight.join(restrictedOperation, key, run, cancellation);
      if (join) {
        span?.add({ 'vierblatt.operation.shared': true });
        return await join;
      }
      return await inFlight.begin(restrictedOperation, key, run, cancellation);
    } finally {
      slots.end(caller);
    }
  };
}
